package standin

// accountAliases gives the account a name.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
func accountAliases() answer {
	return queryAnswer("https://iam.amazonaws.com/doc/2010-05-08/", "ListAccountAliases",
		el("IsTruncated", "false"), el("AccountAliases", el("member", "some-company-production")))
}
