package destination

func init() { destinations["topic"] = destination{viaAWS: "sns.Publish"} }
