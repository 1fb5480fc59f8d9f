package destination

func init() { destinations["email"] = destination{viaAWS: "ses.SendEmail"} }
