package evidence

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/assume"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxPlaces is how many places are remembered. Their names come from events.
const maxPlaces = 200

// spot is where something is, as an event says it.
type spot struct{ account, region string }

func spotOf(e *event.Event) spot { return spot{e.Account, e.Region} }

// place is another account or Region than the function's own, where things of the same names are
// other things. What is kept of one place is kept by it.
type place struct {
	api *awsapi.Client
	// err is why nothing can be asked there.
	err error
	// role is whose credentials are used, called name; nil: the function's own.
	role    *assume.Role
	name    string
	account account
}

// places are those that events came from. The zero value is ready.
type places struct {
	mu    sync.Mutex
	known map[spot]*place
}

// placeKey is the context's key of the place that look-ups ask in; without it, that is where the
// function runs.
type placeKey struct{}

func placeOf(ctx context.Context) *place {
	p, _ := ctx.Value(placeKey{}).(*place)
	return p
}

// problem is why nothing can be asked in a place, if nothing can.
func (p *place) problem() error {
	if p == nil {
		return nil
	}
	return p.err
}

// at lets the look-ups of a context ask where something is.
func (l *Lookups) at(ctx context.Context, s spot) context.Context {
	if p := l.place(ctx, s); p != nil {
		return context.WithValue(ctx, placeKey{}, p)
	}
	return ctx
}

// Client returns who asks where an event is from, in its Region, or why nobody can.
func (l *Lookups) Client(ctx context.Context, e *event.Event) (*awsapi.Client, error) {
	switch p := l.place(ctx, spotOf(e)); {
	case p == nil && awsapi.ValidRegion(e.Region):
		return l.API.As(l.API.Credentials, e.Region), nil
	case p == nil:
		return l.API, nil
	case p.err != nil:
		return nil, p.err
	default:
		return p.api, nil
	}
}

// place is where something is, nil if that is asked with the function's own role: what is where the
// function runs and, if there are no roles for elsewhere, what is in another Region of its account.
// The function's role is granted some of that in its own Region only, and the rest is denied then.
func (l *Lookups) place(ctx context.Context, s spot) *place {
	own, known := awsapi.Own(ctx)
	if !known || !elsewhere(own, s) {
		return nil
	}
	var roles *wire.LookUps
	if l.Roles != nil {
		roles = l.Roles(ctx)
	}
	s = spot{cmp.Or(s.account, own.AccountID), cmp.Or(s.region, own.Region)}
	switch {
	case roles == nil && s.account == own.AccountID:
		return nil
	case roles == nil:
		return &place{err: errAbroad}
	case !awsapi.ValidAccount(s.account) || !awsapi.ValidRegion(s.region):
		return &place{err: errNowhere}
	}
	p := l.places.find(s, func() *place { return l.newPlace(own.Partition, s, *roles) })
	if _, err := p.role.Credentials(ctx); err != nil {
		return &place{err: &unasked{text: p.name + " cannot be assumed (" + whyNot(err) + ")", err: err}}
	}
	return p
}

// elsewhere reports whether something is not where the function runs.
func elsewhere(own arn.ARN, s spot) bool {
	return s.account != "" && s.account != own.AccountID || s.region != "" && s.region != own.Region
}

func (l *Lookups) newPlace(partition string, s spot, roles wire.LookUps) *place {
	name := "role/" + roles.RoleName(s.region)
	role := &assume.Role{
		API: l.API, ARN: arn.ARN{Partition: partition, Service: "iam", AccountID: s.account, Resource: name}.String(),
		ExternalID: roles.ExternalID, Log: l.Log,
	}
	return &place{api: l.API.As(role.Credentials, s.region), role: role, name: name + " of account " + s.account}
}

// find returns a place that is known, or makes it.
func (p *places) find(s spot, create func() *place) *place {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.known[s]
	if found == nil {
		if len(p.known) >= maxPlaces {
			p.known = nil // whose roles are assumed again
		}
		if p.known == nil {
			p.known = map[spot]*place{}
		}
		found = create()
		p.known[s] = found
	}
	return found
}

// unasked is an error that is a place's, with what notices say of it, so that they say it once.
type unasked struct {
	text string
	err  error // may be nil
	// denied is set if it is about one call; the log says which.
	denied bool
}

func (u *unasked) Error() string { return u.text }
func (u *unasked) Unwrap() error { return u.err }

var (
	// errAbroad is why nothing is looked up for an event of another account if there are no roles.
	errAbroad error = &unasked{text: "it is in another account, which the notifier cannot ask"}
	// errNowhere is why nothing is looked up for an event that names no account or Region that there
	// can be.
	errNowhere error = &unasked{text: "the event's account or Region is malformed"}
)

// send makes a call there. If AWS no longer knows the role's credentials, it is made again with new
// ones.
func (p *place) send(send func(*awsapi.Client) error) error {
	err := send(p.api)
	var refused *awsapi.Error
	if errors.As(err, &refused) && slices.Contains(unknownCredentials, refused.Code) {
		p.role.Forget()
		err = send(p.api)
	}
	if errors.As(err, &refused) && denied(refused) {
		return &unasked{p.name + " may not look it up", err, true}
	}
	return err
}

// unknownCredentials are the codes of credentials that are no longer valid.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
var unknownCredentials = []string{
	"AuthFailure", "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException",
}

// whyNot says in a word or a few why a role cannot be assumed.
func whyNot(err error) string {
	var refused *awsapi.Error
	if errors.As(err, &refused) {
		return notice.Cut(notice.Line(cmp.Or(refused.Code, "HTTP "+strconv.Itoa(refused.Status))), maxLogged)
	}
	return Explain(awsapi.Call{Service: "sts", Operation: "AssumeRole"}, "STS", err)
}
