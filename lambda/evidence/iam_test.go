package evidence

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// aliases is ListAccountAliases' answer in the shape of IAM's documentation.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
func aliases(members string) string {
	return `<ListAccountAliasesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <ListAccountAliasesResult><IsTruncated>false</IsTruncated><AccountAliases>` + members + `</AccountAliases></ListAccountAliasesResult>
  <ResponseMetadata><RequestId>c5a076e9-f1b0-11df-8fbe-45274EXAMPLE</RequestId></ResponseMetadata>
</ListAccountAliasesResponse>`
}

func TestAlias(t *testing.T) {
	tests := []struct {
		name, body    string
		status        int
		want, problem string
		logged        string
	}{
		{name: "found", status: 200, body: aliases("<member>acme-production</member>"), want: "acme-production"},
		{name: "none", status: 200, body: aliases("")},
		{name: "denied", status: 403, body: `<ErrorResponse><Error><Code>AccessDenied</Code><Message>SECRET</Message></Error></ErrorResponse>`,
			problem: "iam:ListAccountAliases was denied; the notifier's role has no permission for it", logged: "AccessDenied"},
		{name: "unreadable", status: 200, body: `{}`, problem: "IAM's answer could not be read", logged: "unreadable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			calls := 0
			l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
				calls++
				if got := r.FormValue("Action") + r.FormValue("Version"); got != "ListAccountAliases2010-05-08" || !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/iam/") {
					t.Errorf("asked %s, signed %s", got, r.Header.Get("Authorization"))
				}
				answer(tt.status, tt.body)(w, r)
			})
			for range 3 {
				if got := l.alias(context.Background()); got.Value != tt.want || got.Problem != tt.problem || got.Known != (tt.problem == "") {
					t.Errorf("found %+v", got)
				}
			}
			if calls != 1 {
				t.Errorf("asked %d times", calls)
			}
			checkLog(t, log.String(), tt.logged)
			l.account.asked = time.Now().Add(-askAgain)
			again := 1
			if tt.problem != "" {
				again = 2
			}
			if l.alias(context.Background()); calls != again {
				t.Errorf("a minute later: asked %d times", calls)
			}
		})
	}
}
