package evidence

import (
	"context"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/retry"
)

// iamVersion is the version of IAM's API.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
const iamVersion = "2010-05-08"

// askAgain is how long IAM is not asked again after a failure, so that a denial does not cost
// every notice a call.
const askAgain = time.Minute

// account keeps the alias, which hardly ever changes, as long as the process lives.
type account struct {
	sync.Mutex
	alias event.Finding[string]
	asked time.Time
}

// alias returns the alias of the context's account, "" if it has none. A problem is only
// logged: every notice has the account's number.
func (l *Lookups) alias(ctx context.Context) event.Finding[string] {
	a, p := &l.account, placeOf(ctx)
	if p != nil {
		a = &p.account
	}
	if p.problem() != nil { // which the notice says of the rest
		return event.Finding[string]{}
	}
	if alias, ok := a.kept(); ok {
		return alias
	}
	call := awsapi.Call{Service: "iam", Operation: "ListAccountAliases"}
	var found struct {
		Aliases []string `xml:"ListAccountAliasesResult>AccountAliases>member"`
	}
	// Several events of a batch ask at the same time.
	err := l.query(l.reusing(ctx, retry.WallClock().Add(-fresh)), call, iamVersion, nil, &found)
	a.Lock()
	defer a.Unlock()
	a.asked = time.Now()
	switch {
	case err != nil:
		a.alias = event.NotFound[string](l.problem(call, "IAM", err))
	case len(found.Aliases) == 0:
		a.alias = event.Found("")
	default: // an account has one alias at most
		a.alias = event.Found(found.Aliases[0])
	}
	return a.alias
}

// kept returns the alias if it need not be asked for.
func (a *account) kept() (alias event.Finding[string], ok bool) {
	a.Lock()
	defer a.Unlock()
	return a.alias, a.alias.Known || a.alias.Problem != "" && time.Since(a.asked) < askAgain
}
