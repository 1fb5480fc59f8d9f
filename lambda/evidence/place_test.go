package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
)

// Accounts with groups and instances of the same names: the function's own, and two others.
const (
	central = "123456789012"
	shop    = "111122223333"
	search  = "444455556666"
)

// inCentral is the context of a function in the central account.
func inCentral(ctx context.Context) context.Context {
	return lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{InvokedFunctionArn: "arn:aws:lambda:eu-west-1:" + central + ":function:n"})
}

// accounts are AWS in memory: what it answers depends on who signed, as an access key says it.
type accounts struct {
	mu      sync.Mutex
	calls   []string                                                         // "ACCOUNT-REGION-N REGION/SERVICE OPERATION"
	assumed map[string]int                                                   // by "ACCOUNT-REGION"
	refuse  func(key, operation string) (status int, code string, wait bool) // a status of 0: it does not
}

// signer is what a signature says of who signed, in which Region and for which service.
var signer = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]+)/([^/]+)/`)

// lookupRole is the role of a place.
var lookupRole = regexp.MustCompile(`^arn:aws:iam::(\d{12}):role/extraeye-lookups-([a-z0-9-]+)$`)

func (a *accounts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := signer.FindStringSubmatch(r.Header.Get("Authorization"))
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if operation == "" {
		operation = r.FormValue("Action")
	}
	a.mu.Lock()
	a.calls = append(a.calls, s[1]+" "+s[2]+"/"+s[3]+" "+operation)
	a.mu.Unlock()
	if a.refuse != nil {
		status, code, wait := a.refuse(s[1], operation)
		if wait {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return
		}
		if status != 0 {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<ErrorResponse><Error><Code>"+code+"</Code><Message>SECRET</Message></Error></ErrorResponse>")
			return
		}
	}
	if operation == "AssumeRole" {
		a.assume(w, r)
		return
	}
	account, _, _ := strings.Cut(s[1], "-")
	size := map[string]int{central: 1, shop: 2, search: 3}[account]
	_, _ = io.WriteString(w, map[string]string{
		"ListAccountAliases": aliases("<member>alias-of-" + account + "</member>"),
		"DescribeInstances":  described(instance, tag("Name", "in-"+account)),
		"DescribeAutoScalingGroups": scaling("DescribeAutoScalingGroups", fmt.Sprintf("<AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName>"+
			"<MinSize>%[1]d</MinSize><MaxSize>%[1]d</MaxSize><DesiredCapacity>%[1]d</DesiredCapacity></member></AutoScalingGroups>", size)),
		"DescribeScalingActivities": scaling("DescribeScalingActivities", "<Activities/>"),
		"DescribeTags":              strings.Replace(groupTags, "checkout", "team-of-"+account, 1),
		"GetDeployment":             `{"deploymentInfo":{"creator":"user"}}`,
	}[operation])
}

func (a *accounts) assume(w http.ResponseWriter, r *http.Request) {
	of := lookupRole.FindStringSubmatch(r.FormValue("RoleArn"))
	if of == nil || r.FormValue("ExternalId") != "some-id" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
		return
	}
	at := of[1] + "-" + of[2]
	a.mu.Lock()
	if a.assumed == nil {
		a.assumed = map[string]int{}
	}
	a.assumed[at]++
	n := a.assumed[at]
	a.mu.Unlock()
	_, _ = fmt.Fprintf(w, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s-%d</AccessKeyId><SecretAccessKey>k</SecretAccessKey>"+
		"<SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>", at, n, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
}

// asked forgets what was called, and returns it.
func (a *accounts) asked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	calls := a.calls
	a.calls = nil
	return calls
}

// lookupsAbroad are those of a warm process in the central account that may ask in the others.
func lookupsAbroad(t *testing.T) (*Lookups, *accounts, *bytes.Buffer) {
	t.Helper()
	a := &accounts{}
	l, log := lookups(t, a.ServeHTTP)
	t.Setenv("AWS_ACCESS_KEY_ID", central+"-own")
	l.Roles = func(context.Context) *wire.LookUps {
		return &wire.LookUps{Role: "extraeye-lookups", ExternalID: "some-id"}
	}
	return l, a, log
}

func terminated(account, region string) (*event.Event, *autoscaling.Termination) {
	s := &autoscaling.Termination{GroupName: "web", InstanceID: instance, Cause: wire.CauseELBHealthCheck}
	return &event.Event{ID: account + region, Subject: s, Watch: watched, Account: account, Region: region, Time: time.Now()}, s
}

// TestElsewhere shows that what is looked up for an event of another account or Region is asked
// there with its role, and that accounts are never mixed up in a warm process.
func TestElsewhere(t *testing.T) {
	bubble(t, "three accounts", func(t *testing.T) {
		l, a, _ := lookupsAbroad(t)
		for round := range 3 {
			for account, size := range map[string]int{central: 1, shop: 2, search: 3} {
				e, s := terminated(account, "eu-west-1")
				value, problem := l.Tag(inCentral(t.Context()), e, "team")
				l.Gather(inCentral(t.Context()), e)
				if s.Group.Value.Desired != size || s.Instance.Value.Name != "in-"+account || e.Alias.Value != "alias-of-"+account || value != "team-of-"+account {
					t.Errorf("%d, %s: group %+v, instance %+v, alias %+v, tag %q, %q", round, account, s.Group, s.Instance, e.Alias, value, problem)
				}
				for _, call := range a.asked() {
					if !strings.HasPrefix(call, account+"-") && !strings.HasSuffix(call, " eu-west-1/sts AssumeRole") {
						t.Errorf("%s: called %s", account, call)
					}
				}
			}
		}
		if len(a.assumed) != 2 || a.assumed[shop+"-eu-west-1"] != 1 || a.assumed[search+"-eu-west-1"] != 1 {
			t.Errorf("assumed %v", a.assumed)
		}
	})
	for s := range subjects() {
		bubble(t, fmt.Sprintf("%T", s), func(t *testing.T) {
			l, a, _ := lookupsAbroad(t)
			l.Gather(inCentral(t.Context()), &event.Event{Subject: s, Watch: watched, Account: shop, Region: "us-east-2", Time: time.Now()})
			calls := a.asked()
			if len(calls) < 3 {
				t.Errorf("called %q", calls)
			}
			for _, call := range calls {
				if call != central+"-own eu-west-1/sts AssumeRole" && call != shop+"-us-east-2-1 us-east-1/iam ListAccountAliases" && !strings.HasPrefix(call, shop+"-us-east-2-1 us-east-2/") {
					t.Errorf("called %s", call)
				}
			}
		})
	}
}

// TestElsewhereTogether shows that events of several accounts that are looked up together stay apart,
// too.
func TestElsewhereTogether(t *testing.T) {
	bubble(t, "together", func(t *testing.T) {
		l, a, _ := lookupsAbroad(t)
		var all []*event.Event
		var subjects []*autoscaling.Termination
		places := [][2]string{{central, "eu-west-1"}, {shop, "eu-west-1"}, {search, "eu-west-1"}, {shop, "eu-west-1"}, {shop, "us-east-2"}}
		for _, p := range places {
			e, s := terminated(p[0], p[1])
			all, subjects = append(all, e), append(subjects, s)
		}
		l.Gather(inCentral(t.Context()), all...)
		for i, want := range []int{1, 2, 3, 2, 2} {
			if subjects[i].Group.Value.Desired != want || all[i].Alias.Value != "alias-of-"+places[i][0] {
				t.Errorf("%v: %+v, %+v", places[i], subjects[i].Group, all[i].Alias)
			}
		}
		if len(a.assumed) != 3 {
			t.Errorf("assumed %v", a.assumed)
		}
	})
}

// TestWhichRole shows whose credentials are used where.
func TestWhichRole(t *testing.T) {
	const own, none = central + "-own", ""
	for name, tt := range map[string]struct {
		account, region string
		roles           bool
		want            string // who describes the instance; none: nobody
		in              string
	}{
		"at home":                          {central, "eu-west-1", true, own, "eu-west-1"},
		"at home, as far as it is known":   {"", "", true, own, "eu-west-1"},
		"another Region":                   {central, "us-east-2", true, central + "-us-east-2-1", "us-east-2"},
		"another Region, no account":       {"", "us-east-2", true, central + "-us-east-2-1", "us-east-2"},
		"another Region, without roles":    {central, "us-east-2", false, own, "us-east-2"},
		"another account":                  {shop, "us-east-2", true, shop + "-us-east-2-1", "us-east-2"},
		"another account, no Region":       {shop, "", true, shop + "-eu-west-1-1", "eu-west-1"},
		"another account, without roles":   {shop, "us-east-2", false, none, ""},
		"an account that is none":          {"11112222333", "eu-west-1", true, none, ""},
		"an ARN":                           {"111122223333:role/admin#", "eu-west-1", true, none, ""},
		"digits of another script":         {"１１１１２２２２３３３３", "eu-west-1", true, none, ""},
		"a Region that is none":            {shop, "eu-west-1.evil.example/", true, none, ""},
		"a Region that is none, at home":   {central, "eu-west-1/../admin", true, none, ""},
		"a malformed Region without roles": {central, "evil.example/", false, own, "eu-west-1"},
	} {
		bubble(t, name, func(t *testing.T) {
			l, a, _ := lookupsAbroad(t)
			if !tt.roles {
				l.Roles = func(context.Context) *wire.LookUps { return nil }
			}
			s := &ec2.InstanceStateChange{InstanceID: instance}
			l.Gather(inCentral(t.Context()), &event.Event{Subject: s, Account: tt.account, Region: tt.region, Time: time.Now()})
			calls := a.asked()
			switch asks := slices.Contains(calls, tt.want+" "+tt.in+"/ec2 DescribeInstances"); {
			case tt.want == none && (len(calls) > 0 || s.Instance.Problem == ""):
				t.Errorf("called %q, problem %q", calls, s.Instance.Problem)
			case tt.want != none && !asks:
				t.Errorf("called %q", calls)
			}
		})
	}
}

// TestNotAssumed shows that a role that cannot be assumed is one problem, of which STS is asked once,
// and that only what may pass makes a finding temporary.
func TestNotAssumed(t *testing.T) {
	const of = "role/extraeye-lookups-eu-west-1 of account " + shop
	for name, tt := range map[string]struct {
		status    int
		code      string
		wait      bool
		want      string
		temporary bool
	}{
		"denied":    {status: http.StatusForbidden, code: "AccessDenied", want: of + " cannot be assumed (AccessDenied)"},
		"throttled": {status: http.StatusBadRequest, code: "Throttling", want: of + " cannot be assumed (Throttling)", temporary: true},
		"down":      {status: http.StatusServiceUnavailable, want: of + " cannot be assumed (HTTP 503)", temporary: true},
		"silent":    {wait: true, want: of + " cannot be assumed (STS did not answer in time)", temporary: true},
		"garbage":   {status: http.StatusOK, want: of + " cannot be assumed (STS's answer could not be read)"},
	} {
		bubble(t, name, func(t *testing.T) {
			l, a, log := lookupsAbroad(t)
			a.refuse = func(string, string) (int, string, bool) { return tt.status, tt.code, tt.wait }
			for range 2 {
				e, s := terminated(shop, "eu-west-1")
				start := time.Now()
				l.Gather(inCentral(t.Context()), e)
				_, tagProblem := l.Tag(inCentral(t.Context()), e, "team")
				said, _ := problems(s)
				if len(said) != 5 || len(slices.Compact(append(said, tagProblem))) != 1 || said[0] != tt.want {
					t.Errorf("said %q, of the tag %q", said, tagProblem)
				}
				if s.Group.Temporary != tt.temporary || s.Activities.Temporary != tt.temporary || e.Alias.Problem != "" {
					t.Errorf("%+v, %+v, alias %+v", s.Group, s.Activities, e.Alias)
				}
				if took := time.Since(start); took > 2*maxTime {
					t.Errorf("it took %v", took)
				}
			}
			calls := a.asked()
			if !tt.wait && (len(calls) > 3 || strings.Count(log.String(), "\n") != 1) {
				t.Errorf("called %q, logged %s", calls, log)
			}
			for _, call := range calls {
				if !strings.HasSuffix(call, "AssumeRole") {
					t.Errorf("called %s", call)
				}
			}
			if strings.Contains(log.String(), "SECRET") || len(l.pauses.throttle) > 0 {
				t.Errorf("logged %s; paused %v", log, l.pauses.throttle)
			}
		})
	}
}

// TestDeniedThere shows that what the role may not ask is one problem, and that the log says what
// it is.
func TestDeniedThere(t *testing.T) {
	l, a, log := lookupsAbroad(t)
	a.refuse = func(key, operation string) (int, string, bool) {
		if key == central+"-own" || operation == "DescribeInstances" {
			return 0, "", false
		}
		return http.StatusForbidden, "AccessDenied", false
	}
	e, s := terminated(shop, "eu-west-1")
	l.Gather(inCentral(t.Context()), e)
	said, _ := problems(s)
	const want = "role/extraeye-lookups-eu-west-1 of account " + shop + " may not look it up"
	if !s.Instance.Known || len(slices.Compact(said)) != 1 || said[0] != want || s.Group.Temporary {
		t.Errorf("said %q; instance %+v", said, s.Instance)
	}
	for _, call := range []string{"autoscaling DescribeAutoScalingGroups in eu-west-1", "ec2 GetConsoleOutput in eu-west-1", "iam ListAccountAliases"} {
		if !strings.Contains(log.String(), call) {
			t.Errorf("%s is not in the log:\n%s", call, log)
		}
	}
}

// TestReplacedRole shows that a role whose credentials AWS no longer knows is assumed again.
func TestReplacedRole(t *testing.T) {
	for _, code := range unknownCredentials {
		bubble(t, code, func(t *testing.T) {
			l, a, _ := lookupsAbroad(t)
			gather := func() *ec2.InstanceStateChange {
				s := &ec2.InstanceStateChange{InstanceID: instance}
				l.Gather(inCentral(t.Context()), &event.Event{Subject: s, Account: shop, Region: "eu-west-1", Time: time.Now()})
				return s
			}
			gather()
			time.Sleep(20 * time.Minute)
			a.refuse = func(key, _ string) (int, string, bool) {
				if key == shop+"-eu-west-1-1" {
					return http.StatusForbidden, code, false
				}
				return 0, "", false
			}
			if s := gather(); !s.Instance.Known || a.assumed[shop+"-eu-west-1"] != 2 {
				t.Errorf("%+v, assumed %v, called %q", s.Instance, a.assumed, a.asked())
			}
		})
	}
}

// TestFloodElsewhere shows that a flood of another account's events assumes its role once, and shares
// answers with nobody else.
func TestFloodElsewhere(t *testing.T) {
	bubble(t, "flood", func(t *testing.T) {
		l, a, _ := lookupsAbroad(t)
		var all sync.WaitGroup
		for i := range 300 {
			account, size := shop, 2
			if i%3 == 0 {
				account, size = search, 3
			}
			all.Go(func() {
				e, s := terminated(account, "eu-west-1")
				l.Gather(inCentral(t.Context()), e)
				if s.Group.Value.Desired != size || e.Alias.Value != "alias-of-"+account {
					t.Errorf("%s: %+v, %+v", account, s.Group, e.Alias)
				}
			})
		}
		all.Wait()
		groups := 0
		for _, call := range a.asked() {
			if strings.HasSuffix(call, "DescribeAutoScalingGroups") {
				groups++
			}
		}
		if a.assumed[shop+"-eu-west-1"] != 1 || a.assumed[search+"-eu-west-1"] != 1 || groups != 2 {
			t.Errorf("assumed %v, asked for groups %d times", a.assumed, groups)
		}
	})
}

// TestPauseElsewhere shows that an operation that throttles in one account is asked in another.
func TestPauseElsewhere(t *testing.T) {
	bubble(t, "pause", func(t *testing.T) {
		l, a, _ := lookupsAbroad(t)
		a.refuse = func(key, operation string) (int, string, bool) {
			if operation == "GetDeployment" && strings.HasPrefix(key, shop) {
				return http.StatusBadRequest, "ThrottlingException", false
			}
			return 0, "", false
		}
		for range 2 {
			for account, known := range map[string]bool{shop: false, search: true, central: true} {
				s := &codedeploy.DeploymentInstance{DeploymentID: "d"}
				l.Gather(inCentral(t.Context()), &event.Event{Subject: s, Account: account, Region: "eu-west-1", Time: time.Now()})
				if s.Info.Known != known {
					t.Errorf("%s: %+v", account, s.Info)
				}
			}
		}
		throttled := 0
		for _, call := range a.asked() {
			if strings.HasPrefix(call, shop) && strings.HasSuffix(call, "GetDeployment") {
				throttled++
			}
		}
		if throttled != 3 {
			t.Errorf("asked %d times where it throttles", throttled)
		}
	})
}

// TestManyPlaces shows that what events say of accounts does not pile up.
func TestManyPlaces(t *testing.T) {
	l, _, _ := lookupsAbroad(t)
	for i := range 2*maxPlaces + 1 {
		e, _ := terminated(fmt.Sprintf("%012d", i), "eu-west-1")
		l.place(inCentral(t.Context()), spotOf(e))
		if n := len(l.places.known); n > maxPlaces || n == 0 {
			t.Fatalf("%d places are kept", n)
		}
	}
}

// TestHere shows that events know where the function runs.
func TestHere(t *testing.T) {
	l, _, _ := lookupsAbroad(t)
	e, _ := terminated(shop, "us-east-2")
	l.Gather(inCentral(t.Context()), e)
	if e.Here.Account != central || e.Here.Region != "eu-west-1" {
		t.Errorf("here is %+v", e.Here)
	}
	n := e.Notice(time.Now())
	if want := "alias-of-" + shop + " (" + shop + "), us-east-2; sign in to it before you follow a link"; n.Facts[0].Label != "Account" || n.Facts[0].Value != want {
		t.Errorf("the first fact is %+v", n.Facts[0])
	}
}

// TestClient shows who asks where an event is from, in which Region, and who does not.
func TestClient(t *testing.T) {
	l, a, _ := lookupsAbroad(t)
	roles := l.Roles
	for name, tt := range map[string]struct {
		account, region string
		noRoles         bool
		want            string
		err             error
	}{
		"here":                          {central, "eu-west-1", false, central + "-own eu-west-1", nil},
		"no Region":                     {central, "", false, central + "-own eu-west-1", nil},
		"elsewhere":                     {shop, "us-east-2", false, shop + "-us-east-2-1 us-east-2", nil},
		"another Region, without roles": {central, "us-east-2", true, central + "-own us-east-2", nil},
		"elsewhere, without roles":      {shop, "us-east-2", true, "", errAbroad},
		"nowhere":                       {"shop", "us-east-2", false, "", errNowhere},
	} {
		if l.Roles = roles; tt.noRoles {
			l.Roles = nil
		}
		e, _ := terminated(tt.account, tt.region)
		client, err := l.Client(inCentral(t.Context()), e)
		if !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", name, err, tt.err)
		}
		if err != nil {
			continue
		}
		a.asked()
		var out struct{}
		if err := client.Query(t.Context(), awsapi.Call{Service: "ec2", Operation: "DescribeInstances"}, ec2Version, nil, &out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.Join(a.asked(), ", "); !strings.HasSuffix(got, tt.want+"/ec2 DescribeInstances") {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
