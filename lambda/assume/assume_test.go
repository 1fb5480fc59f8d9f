package assume

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/pipes"
)

const roleARN = "arn:aws:iam::111122223333:role/extraeye-lookups-eu-west-1"

// assumed is AssumeRole's answer in the shape of STS's documentation.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Examples
func assumed(id string, expires time.Time) string {
	return fmt.Sprintf(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>ARO123EXAMPLE123:extraeye</AssumedRoleId>
      <Arn>arn:aws:sts::111122223333:assumed-role/extraeye-lookups-eu-west-1/extraeye</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>%s</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <SessionToken>AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGd==</SessionToken>
      <Expiration>%s</Expiration>
    </Credentials>
    <PackedPolicySize>6</PackedPolicySize>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
</AssumeRoleResponse>`, id, expires.UTC().Format(time.RFC3339))
}

// refused is an error of STS's.
func refused(code string) string {
	return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>` + code + `</Code><Message>User: arn:aws:sts::123456789012:assumed-role/notifier/f is not authorized to perform: sts:AssumeRole on resource: SECRET</Message></Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>`
}

// fake is STS in memory.
type fake struct {
	role   *Role
	log    bytes.Buffer
	calls  atomic.Int32
	status int
	// answer is what the nth call gets.
	answer func(nth int) string
	takes  time.Duration
}

func newFake(t *testing.T, answer func(nth int) string) *fake {
	t.Helper()
	f := &fake{status: http.StatusOK, answer: answer}
	client := awsapi.NewHTTPClient()
	t.Cleanup(pipes.Serve(client.Transport.(*http.Transport), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(f.calls.Add(1))
		if scope := r.Header.Get("Authorization"); !strings.Contains(scope, "AKIDOWN/") || !strings.Contains(scope, "/eu-central-1/sts/") {
			t.Errorf("signed %s", scope)
		}
		want := "AssumeRole 2011-06-15 " + roleARN + " extraeye some-id"
		if got := strings.Join([]string{r.FormValue("Action"), r.FormValue("Version"), r.FormValue("RoleArn"), r.FormValue("RoleSessionName"), r.FormValue("ExternalId")}, " "); got != want {
			t.Errorf("asked %s, want %s", got, want)
		}
		time.Sleep(f.takes)
		w.WriteHeader(f.status)
		_, _ = io.WriteString(w, f.answer(n))
	})))
	t.Setenv("AWS_ENDPOINT_URL", "http://aws.example")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDOWN")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	f.role = &Role{API: awsapi.New(client, "eu-central-1"), ARN: roleARN, ExternalID: "some-id", Log: slog.New(slog.NewTextHandler(&f.log, nil))}
	return f
}

// hourly hands out credentials for an hour, the nth as AKID-n.
func hourly(nth int) string { return assumed(fmt.Sprint("AKID-", nth), time.Now().Add(time.Hour)) }

// bubble runs a test in which time passes only while everything waits.
func bubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// wants checks whose credentials there are, after so many calls.
func (f *fake) wants(t *testing.T, id string, calls int32) {
	t.Helper()
	got, err := f.role.Credentials(t.Context())
	if (err == nil) != (id != "") || got.AccessKeyID != id || f.calls.Load() != calls {
		t.Errorf("credentials %q, %v after %d calls; want %q after %d", got.AccessKeyID, err, f.calls.Load(), id, calls)
	}
	if err == nil && (got.SecretAccessKey == "" || !strings.HasPrefix(got.SessionToken, "AQoDYXdz")) {
		t.Errorf("the credentials are not whole: %q", got.SessionToken)
	}
}

// TestKept shows how long credentials are used.
func TestKept(t *testing.T) {
	bubble(t, "an hour", func(t *testing.T) {
		f := newFake(t, hourly)
		f.wants(t, "AKID-1", 1)
		time.Sleep(time.Hour - early - time.Second)
		f.wants(t, "AKID-1", 1)
		time.Sleep(time.Second)
		f.wants(t, "AKID-2", 2)
		f.wants(t, "AKID-2", 2)
	})
	bubble(t, "not long enough", func(t *testing.T) {
		f := newFake(t, func(n int) string { return assumed(fmt.Sprint("AKID-", n), time.Now().Add(early-time.Second)) })
		f.wants(t, "AKID-1", 1)
		f.wants(t, "AKID-2", 2)
	})
	bubble(t, "not known to AWS", func(t *testing.T) {
		f := newFake(t, hourly)
		f.role.Forget()
		f.wants(t, "AKID-1", 1)
		f.role.Forget() // they are new
		f.wants(t, "AKID-1", 1)
		time.Sleep(askAgain)
		f.role.Forget()
		f.role.Forget()
		f.wants(t, "AKID-2", 2)
	})
}

// TestRefused shows that STS is left alone for a while after it refused, whatever it said.
func TestRefused(t *testing.T) {
	hour := time.Now().Add(time.Hour)
	for name, tt := range map[string]struct {
		status int
		answer string
		calls  int32 // for one question
		says   string
	}{
		"denied":            {http.StatusForbidden, refused("AccessDenied"), 1, "AccessDenied"},
		"region disabled":   {http.StatusForbidden, refused("RegionDisabledException"), 1, "RegionDisabledException"},
		"throttled":         {http.StatusBadRequest, refused("Throttling"), 3, "Throttling"},
		"own token expired": {http.StatusForbidden, refused("ExpiredToken"), 3, "ExpiredToken"},
		"down":              {http.StatusServiceUnavailable, "SECRET", 3, "503"},
		"a page":            {http.StatusOK, "<html><body>SECRET<br></body></html>", 1, "not the expected XML"},
		"nothing":           {http.StatusOK, "", 1, "not the expected XML"},
		"empty":             {http.StatusOK, "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>", 1, "no credentials that are valid"},
		"expired":           {http.StatusOK, assumed("AKIDSECRET", time.UnixMilli(0)), 1, "no credentials that are valid"},
		"no key":            {http.StatusOK, assumed("", hour), 1, "no credentials that are valid"},
		"no time":           {http.StatusOK, strings.Replace(assumed("AKIDSECRET", hour), "Expiration>2", "Expiration>SECRET", 1), 1, "no credentials that are valid"},
	} {
		bubble(t, name, func(t *testing.T) {
			f := newFake(t, func(int) string { return tt.answer })
			f.status = tt.status
			f.wants(t, "", tt.calls)
			f.wants(t, "", tt.calls)
			if _, err := f.role.Credentials(t.Context()); err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "AKIDSECRET") {
				t.Errorf("the error is %v, want %q", err, tt.says)
			}
			if log := f.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, roleARN) || strings.Contains(log, "SECRET") {
				t.Errorf("logged %q", log)
			}
			f.status, f.answer = http.StatusOK, hourly
			time.Sleep(askAgain)
			f.wants(t, fmt.Sprint("AKID-", tt.calls+1), tt.calls+1)
		})
	}
}

// TestSingleFlight shows that a crowd makes one call, whether it is answered or refused.
func TestSingleFlight(t *testing.T) {
	for name, status := range map[string]int{"answered": http.StatusOK, "denied": http.StatusForbidden} {
		bubble(t, name, func(t *testing.T) {
			f := newFake(t, hourly)
			f.status, f.takes = status, time.Second
			var all sync.WaitGroup
			for range 400 {
				all.Go(func() {
					if c, err := f.role.Credentials(t.Context()); (err == nil) != (status == http.StatusOK) || err == nil && c.AccessKeyID != "AKID-1" {
						t.Errorf("credentials %q, %v", c.AccessKeyID, err)
					}
				})
			}
			all.Wait()
			if f.calls.Load() != 1 {
				t.Errorf("%d calls", f.calls.Load())
			}
		})
	}
}

// TestImpatience shows that whose time is over waits no longer, and spoils nothing for the others.
func TestImpatience(t *testing.T) {
	bubble(t, "the one who asks", func(t *testing.T) {
		f := newFake(t, hourly)
		f.takes = time.Second
		hasty, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		var other sync.WaitGroup
		other.Go(func() {
			time.Sleep(time.Second / 4)
			f.wants(t, "AKID-2", 2)
		})
		if _, err := f.role.Credentials(hasty); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
		other.Wait()
		f.wants(t, "AKID-2", 2)
	})
	bubble(t, "one who waits", func(t *testing.T) {
		f := newFake(t, hourly)
		f.takes = time.Second
		var first sync.WaitGroup
		first.Go(func() { f.wants(t, "AKID-1", 1) })
		synctest.Wait()
		hasty, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if _, err := f.role.Credentials(hasty); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
		first.Wait()
	})
}
