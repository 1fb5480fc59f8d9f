package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Accounts that forward events to the function's.
const shopAccount, searchAccount = "111122223333", "444455556666"

// border is what is between the function and AWS: it hands out the roles of other accounts, and knows
// who asks there.
type border struct {
	t     *testing.T
	inner http.RoundTripper
	// refuses is the code with which STS refuses every role; "" if it does not.
	refuses string
	// answers are what the accounts answer, by operation. What they do not answer goes further.
	answers map[string]map[string]string

	mu      sync.Mutex
	assumed map[string]int      // how often, by "ACCOUNT-REGION"
	asked   map[string][]string // services, by access key
}

// cross puts a border before a handler's AWS.
func cross(t *testing.T, h *handler, inner http.RoundTripper) *border {
	t.Helper()
	b := &border{t: t, inner: inner, assumed: map[string]int{}, asked: map[string][]string{}}
	api := awsapi.New(&http.Client{Transport: b}, "eu-west-1")
	h.clients.aws, h.lookups.API = api, api
	return b
}

var (
	accessKey  = regexp.MustCompile(`Credential=([^/]+)/`)
	lookUpRole = regexp.MustCompile(`^arn:aws:iam::(\d{12}):role/extraeye-lookups-([a-z0-9-]+)$`)
)

func (b *border) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(strings.NewReader(string(raw)))
	answer := func(status int, text string) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
	}
	key := accessKey.FindStringSubmatch(r.Header.Get("Authorization"))[1]
	service, _, _ := strings.Cut(r.URL.Host, ".")
	form, _ := url.ParseQuery(string(raw))
	b.note(key, r.URL.Host)
	if service != "sts" {
		account, _, _ := strings.Cut(key, "-")
		if text := b.answers[account][form.Get("Action")]; text != "" {
			return answer(http.StatusOK, text)
		}
		return b.inner.RoundTrip(r)
	}
	of := lookUpRole.FindStringSubmatch(form.Get("RoleArn"))
	if of == nil || form.Get("ExternalId") != "some-id" || form.Get("RoleSessionName") != "extraeye" || r.URL.Host != "sts.eu-west-1.amazonaws.com" {
		b.t.Errorf("asked %s for %v", r.URL.Host, form)
	}
	b.mu.Lock()
	b.assumed[of[1]+"-"+of[2]]++
	b.mu.Unlock()
	if b.refuses != "" {
		return answer(http.StatusForbidden, "<ErrorResponse><Error><Type>Sender</Type><Code>"+b.refuses+"</Code></Error></ErrorResponse>")
	}
	return answer(http.StatusOK, fmt.Sprintf(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>%s-%s</AccessKeyId>`+
		`<SecretAccessKey>key</SecretAccessKey><SessionToken>token</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
		of[1], of[2], time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))
}

func (b *border) note(key, host string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.asked[key], host) {
		b.asked[key] = append(b.asked[key], host)
	}
}

// checkOwn checks that the function's own credentials only send, and that the rest asks in its Region.
func (b *border) checkOwn() {
	b.t.Helper()
	for key, hosts := range b.asked {
		for _, host := range hosts {
			service, _, _ := strings.Cut(host, ".")
			own := slices.Contains([]string{"sts", "email", "sns", "states", "secretsmanager", "ssm", "logs"}, service)
			_, region, _ := strings.Cut(key, "-")
			if own != (key == "AKIDEXAMPLE") || !own && service != "iam" && !strings.Contains(host, "."+region+".") {
				b.t.Errorf("%s is asked as %s", host, key)
			}
		}
	}
}

// accountOf are the answers of an account about the group of the recorded termination.
func accountOf(account string, healthy int) map[string]string {
	all := scalingOf(healthy, "")
	all["ListAccountAliases"] = "<ListAccountAliasesResponse><ListAccountAliasesResult><AccountAliases><member>alias-" + account + "</member></AccountAliases></ListAccountAliasesResult></ListAccountAliasesResponse>"
	all["DescribeTags"] = "<DescribeTagsResponse><DescribeTagsResult><Tags><member><Key>team</Key><Value>search</Value></member></Tags></DescribeTagsResult></DescribeTagsResponse>"
	return all
}

// from is a delivery whose event comes from another account.
func from(account, payload string) string {
	before, event, _ := strings.Cut(payload, `"event":`)
	return before + `"event":` + strings.ReplaceAll(event, "123456789012", account)
}

// withRoles is a table of teams whose look-ups have roles.
func withRoles(t *testing.T, h *handler) {
	t.Helper()
	to := func(name string) []wire.Sink {
		return []wire.Sink{
			{Email: &wire.Email{From: "ops@example.com", To: []string{name + "@example.com"}}},
			{PagerDuty: &wire.PagerDuty{RoutingKey: wire.Secret{ARN: secretARN, Field: "key"}}},
		}
	}
	withTable(t, h, "another", &wire.Table{
		TeamTag: "team", Teams: []wire.Team{{Name: "checkout", Sinks: to("checkout")}, {Name: "search", Sinks: to("search")}},
		LookUps: &wire.LookUps{Role: "extraeye-lookups", ExternalID: "some-id"},
	})
}

// TestElsewhere shows the way of another account's event: its tag, which names the team, what is looked
// up, and later whether it is over are asked there with the role, and everything is sent from here.
func TestElsewhere(t *testing.T) {
	d := newDesk(t, false)
	d.handler.lookups.Unshared = true // each question has an answer of its own
	withRoles(t, d.handler)
	b := cross(t, d.handler, d)
	b.answers = map[string]map[string]string{shopAccount: accountOf(shopAccount, 1)}
	d.invoke(t, from(shopAccount, toFleet(deliver(t, terminations, "", killed))))
	mail := strings.Join(d.texts, "\n")
	for _, want := range []string{
		"search@example.com", "search, by its tag", "alias-" + shopAccount + " (" + shopAccount + "), us-east-1; sign in to it before you follow a link",
		"1 of 1 healthy, 2 desired", "https://us-east-1.console.aws.amazon.com/", "role/extraeye-lookups-us-east-1 of account " + shopAccount + " may not look it up",
	} {
		if !strings.Contains(mail, want) {
			t.Errorf("%q is not sent:\n%s", want, mail)
		}
	}
	if len(d.inputs) != 1 || b.assumed[shopAccount+"-us-east-1"] != 1 {
		t.Fatalf("assumed %v; later %q", b.assumed, d.inputs)
	}
	b.answers[shopAccount], d.texts = accountOf(shopAccount, 2), nil
	d.invoke(t, d.inputs[0])
	if len(d.texts) != 1 || !strings.Contains(d.texts[0], "staging is back: 2 of 2 healthy") || !strings.Contains(d.texts[0], "alias-"+shopAccount) {
		t.Errorf("well: %q", d.texts)
	}
	if len(b.assumed) != 1 || b.assumed[shopAccount+"-us-east-1"] != 1 {
		t.Errorf("assumed %v", b.assumed)
	}
	b.checkOwn()
}

// TestSameNames shows that groups of the same name in several accounts stay apart in a warm process.
func TestSameNames(t *testing.T) {
	d := newDesk(t, false)
	withRoles(t, d.handler)
	b := cross(t, d.handler, d)
	b.answers = map[string]map[string]string{shopAccount: accountOf(shopAccount, 1), searchAccount: accountOf(searchAccount, 2)}
	for range 3 {
		for account, want := range map[string]string{shopAccount: "1 of 1 healthy", searchAccount: "2 of 2 healthy"} {
			d.texts = nil
			d.invoke(t, from(account, deliver(t, terminations, byMail, killed)))
			if sent := strings.Join(d.texts, ""); !strings.Contains(sent, want) || !strings.Contains(sent, "alias-"+account+" ("+account+")") {
				t.Errorf("%s: %s", account, sent)
			}
		}
	}
	if len(b.assumed) != 2 || b.assumed[shopAccount+"-us-east-1"] != 1 || b.assumed[searchAccount+"-us-east-1"] != 1 {
		t.Errorf("assumed %v", b.assumed)
	}
	b.checkOwn()
}

// TestRoleRefused shows that the notice says once that nothing could be looked up, with the severity
// that it has without, and that STS is not asked again and again.
func TestRoleRefused(t *testing.T) {
	d := newDesk(t, true)
	withRoles(t, d.handler)
	b := cross(t, d.handler, d)
	b.refuses = "AccessDenied"
	for range 3 {
		n := d.invoke(t, from(shopAccount, deliver(t, terminations, byMail, killed))).Orders[0].Notice
		const want = "Instance, Group, How often, Last words: role/extraeye-lookups-us-east-1 of account " + shopAccount + " cannot be assumed (AccessDenied)"
		if got := fact(*n, "Not looked up"); got != want || n.Severity != notice.Warning || n.Status != notice.Open {
			t.Errorf("%s, not looked up: %q", n.Severity, got)
		}
		if got := fact(*n, "Account"); got != shopAccount+", us-east-1; sign in to it before you follow a link" {
			t.Errorf("the account is %q", got)
		}
	}
	if b.assumed[shopAccount+"-us-east-1"] != 1 {
		t.Errorf("assumed %v", b.assumed)
	}
	b.checkOwn()
}

// TestVerdictElsewhere shows that how another account's release did is found out there.
func TestVerdictElsewhere(t *testing.T) {
	for _, refuses := range []string{"", "AccessDenied"} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(9 * 24 * time.Hour)
			s := newShop(t)
			withRoles(t, s.handler)
			b := cross(t, s.handler, s)
			s.invoke(t, from(shopAccount, s.deliverDeployment("SUCCESS", inHalfAnHour, byMail)))
			s.activities = died("1", s.released.Add(10*time.Minute)) + died("2", s.released.Add(7*time.Minute))
			s.texts, b.refuses = nil, refuses
			time.Sleep(time.Hour)
			got := s.invoke(t, s.inputs[0])
			sent := strings.Join(s.texts, "\n")
			if refuses == "" && (!strings.Contains(sent, "after shop-1.4.2: 2 deaths") || !strings.Contains(sent, shopAccount)) {
				t.Errorf("sent %s, skipped %q", sent, got.Orders[0].Skipped)
			}
			const unclear = "how the release did is unclear: role/extraeye-lookups-eu-west-1 of account " + shopAccount + " cannot be assumed (AccessDenied)"
			if refuses != "" && (got.Orders[0].Skipped != unclear || sent != "") {
				t.Errorf("sent %s, skipped %q", sent, got.Orders[0].Skipped)
			}
			b.checkOwn()
		})
	}
}

// TestFloodElsewhere shows that many events of another account become one notice that names it.
func TestFloodElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCollected(t, 40)
		withRoles(t, c.handler)
		b := cross(t, c.handler, c)
		var all []queued
		for i := range 40 {
			m := c.death(i, floodGroup, "an ELB system health check failure")
			m.Body = from(shopAccount, m.Body)
			all = append(all, m)
		}
		time.Sleep(2 * time.Minute)
		if again := c.invoke(all); len(again) > 0 || len(c.sent) != 1 {
			t.Fatalf("%d messages come again, %d notices", len(again), len(c.sent))
		}
		n := c.sent[0]
		if n.Count != 40 || n.Account != shopAccount || !strings.Contains(fact(n, "Account"), shopAccount) || fact(n, "Capacity") == "" {
			t.Errorf("the notice is %+v", n)
		}
		if len(b.assumed) != 1 {
			t.Errorf("assumed %v", b.assumed)
		}
		b.checkOwn()
	})
}

// TestEverySinkNamesTheAccount shows that whatever is sent about another account says which, and in
// which Region.
func TestEverySinkNamesTheAccount(t *testing.T) {
	w, h := newAround(t)
	h.lookups.Roles = func(context.Context) *wire.LookUps {
		return &wire.LookUps{Role: "extraeye-lookups", ExternalID: "some-id"}
	}
	w.aws = func(rw http.ResponseWriter, r *http.Request) {
		switch service, _, _ := strings.Cut(r.URL.Host, "."); service {
		case "sts":
			_, _ = fmt.Fprintf(rw, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey><SessionToken>C</SessionToken>"+
				"<Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>", time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
		case "iam":
			_, _ = io.WriteString(rw, accountOf(shopAccount, 1)["ListAccountAliases"])
		case "codedeploy":
			_, _ = io.WriteString(rw, `{"deploymentInfo":{"creator":"user"}}`)
		default:
			reply(http.StatusForbidden, "{}")(rw, r)
		}
	}
	named := map[string]bool{}
	for _, r := range recordings {
		w.forget()
		payload := `{"watch":{` + r.watch + `},"sinks":` + w.allSinks() + `,"event":` + readRecorded(t, r.file) + `}`
		payload = strings.Replace(payload, `"time":`, `"time":"`+time.Now().UTC().Format(time.RFC3339)+`","oldTime":`, 1)
		receipt, _, err := w.deliver(t.Context(), h, []byte(from(shopAccount, payload)))
		if err != nil || receipt.Orders[0].Skipped != "" {
			t.Fatal(err, receipt)
		}
		for sink, message := range w.sent {
			named[sink] = true
			for _, want := range []string{shopAccount, "us-east-1"} {
				if !strings.Contains(readable(message), want) {
					t.Errorf("%s does not say %s of %s:\n%s", sink, want, r.file, readable(message))
				}
			}
			if markers := []string{"datadog", "grafana"}; !slices.Contains(markers, sink) && !strings.Contains(readable(message), "alias-"+shopAccount) {
				t.Errorf("%s does not say the alias of %s:\n%s", sink, r.file, readable(message))
			}
		}
	}
	if len(named) != len(w.sinks) {
		t.Errorf("only %v were sent to", named)
	}
}
