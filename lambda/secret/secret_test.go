package secret

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	arn       = "arn:aws:secretsmanager:ap-south-1:123456789012:secret:pager-AbCdEf"
	parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/pager/key"
	value     = "very/secret+value"
)

// keeper is a fake of both services: it answers with what answer returns.
type keeper struct {
	t      *testing.T
	answer func() (status int, body string)
	reads  int
	last   *http.Request
	body   string
}

func (k *keeper) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	k.reads, k.last, k.body = k.reads+1, r, string(body)
	status, text := k.answer()
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, err
}

func newStore(t *testing.T, answer func() (int, string)) (*Store, *keeper) {
	t.Helper()
	k := &keeper{t: t, answer: answer}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	return New(awsapi.New(&http.Client{Transport: k}, "eu-west-1")), k
}

// use returns what was used and the error. No time passes while nothing waits.
func use(t *testing.T, s *Store, ref wire.Secret, answers ...error) (values []string, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		err = s.Use(ctx, ref, func(v string) error {
			values = append(values, v)
			if len(values) <= len(answers) {
				return answers[len(values)-1]
			}
			return nil
		})
	})
	return values, err
}

func text(s string) string {
	return fmt.Sprintf(`{"Name":"n","SecretString":%q,"Parameter":{"Type":"SecureString","Value":%q}}`, s, s)
}

// TestRequests compares what is sent with what the API references document.
//
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Examples
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Examples
func TestRequests(t *testing.T) {
	for _, tt := range []struct {
		ref                 wire.Secret
		scope, target, body string
	}{
		{wire.Secret{ARN: arn}, "/ap-south-1/secretsmanager/", "secretsmanager.GetSecretValue", `{"SecretId":"` + arn + `"}`},
		{wire.Secret{Parameter: parameter}, "/eu-central-1/ssm/", "AmazonSSM.GetParameter", `{"Name":"` + parameter + `","WithDecryption":true}`},
		{wire.Secret{Parameter: "/pager/key"}, "/eu-west-1/ssm/", "AmazonSSM.GetParameter", `{"Name":"/pager/key","WithDecryption":true}`},
	} {
		s, k := newStore(t, func() (int, string) { return 200, text(value + "\r\n") })
		values, err := use(t, s, tt.ref)
		if err != nil || len(values) != 1 || values[0] != value {
			t.Errorf("%+v: used %q, %v", tt.ref, values, err)
		}
		if h := k.last.Header; !strings.Contains(h.Get("Authorization"), tt.scope) || h.Get("X-Amz-Target") != tt.target ||
			h.Get("Content-Type") != "application/x-amz-json-1.1" || k.body != tt.body || k.last.URL.Path != "/" {
			t.Errorf("sent %s %v\n%s", k.last.URL, h, k.body)
		}
	}
}

func TestField(t *testing.T) {
	const object = `{"key":"very/secret+value\n","empty":"","number":98765,"null":null}`
	s, k := newStore(t, func() (int, string) { return 200, text(object) })
	if values, err := use(t, s, wire.Secret{ARN: arn, Field: "key"}); err != nil || values[0] != value {
		t.Errorf("used %q, %v", values, err)
	}
	if values, err := use(t, s, wire.Secret{ARN: arn}); err != nil || values[0] != object || k.reads != 1 {
		t.Errorf("used %q after %d reads, %v", values, k.reads, err)
	}
	for field, want := range map[string]string{"missing": "no text in the field", "number": "no text in the field", "null": "is empty", "empty": "is empty"} {
		values, err := use(t, s, wire.Secret{ARN: arn, Field: field})
		if len(values) != 0 || !notice.IsPermanent(err) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), value) || strings.Contains(err.Error(), "98765") {
			t.Errorf("%s: used %q, %v", field, values, err)
		}
	}
}

func TestCannotBeRead(t *testing.T) {
	fail := func(code string) string { return `{"__type":"` + code + `","message":"words"}` }
	tests := []struct {
		name      string
		ref       wire.Secret
		status    int
		body      string
		permanent bool
		want      string
	}{
		{"missing", wire.Secret{ARN: arn}, 400, fail("ResourceNotFoundException"), true, "create it again"},
		{"missing parameter", wire.Secret{Parameter: "p"}, 400, fail("ParameterNotFound"), true, "create it again"},
		{"denied", wire.Secret{ARN: arn}, 400, fail("AccessDeniedException"), true, "secretsmanager:GetSecretValue"},
		{"key", wire.Secret{ARN: arn}, 400, fail("DecryptionFailure"), true, "kms:Decrypt"},
		{"deleted", wire.Secret{ARN: arn}, 400, fail("InvalidRequestException"), true, "restore it"},
		{"new", wire.Secret{ARN: arn}, 400, fail("SomethingNew"), true, "SomethingNew"},
		{"throttled", wire.Secret{ARN: arn}, 400, fail("ThrottlingException"), false, "Throttling"},
		{"down", wire.Secret{ARN: arn}, 500, fail("InternalServiceError"), false, "Internal"},
		{"binary", wire.Secret{ARN: arn}, 200, `{"SecretBinary":"dmVyeQ=="}`, true, "binary"},
		{"empty", wire.Secret{ARN: arn}, 200, text("\n"), true, "is empty"},
		{"no JSON", wire.Secret{ARN: arn, Field: "f"}, 200, text(value), true, "not a JSON object"},
		{"list", wire.Secret{ARN: arn, Field: "f"}, 200, text(`["` + value + `"]`), true, "not a JSON object"},
		{"no ARN", wire.Secret{ARN: "pager"}, 200, "", true, "not the ARN of a secret"},
		{"nothing named", wire.Secret{}, 200, "", true, "names no secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, k := newStore(t, func() (int, string) { return tt.status, tt.body })
			for range 2 { // nothing that went wrong is kept
				values, err := use(t, s, tt.ref)
				if len(values) != 0 || err == nil || notice.IsPermanent(err) != tt.permanent || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), value) {
					t.Errorf("used %q, permanent %v: %v", values, notice.IsPermanent(err), err)
				}
			}
			if tt.body != "" && k.reads < 2 {
				t.Errorf("%d reads", k.reads)
			}
		})
	}
}

func TestRotation(t *testing.T) {
	version := 0
	s, k := newStore(t, func() (int, string) { version++; return 200, text(fmt.Sprint("value-", version)) })
	ref := wire.Secret{ARN: arn}
	wrong := notice.Permanent(fmt.Errorf("401: %w", ErrWrong))
	steps := []struct {
		name    string
		answers []error
		want    string
		reads   int
		err     error
	}{
		{"read just now and wrong: not read again", []error{wrong}, "[value-1]", 1, ErrWrong},
		{"what was wrong is not kept", nil, "[value-2]", 2, nil},
		{"kept", nil, "[value-2]", 2, nil},
		{"kept and wrong: read again", []error{wrong}, "[value-2 value-3]", 3, nil},
		{"another error", []error{io.EOF}, "[value-3]", 3, io.EOF},
		{"kept and wrong twice", []error{wrong, wrong}, "[value-3 value-4]", 4, ErrWrong},
	}
	for _, step := range steps {
		values, err := use(t, s, ref, step.answers...)
		if fmt.Sprint(values) != step.want || k.reads != step.reads || !errors.Is(err, step.err) {
			t.Errorf("%s: used %v after %d reads: %v", step.name, values, k.reads, err)
		}
	}
	if _, err := use(t, s, ref); err != nil {
		t.Fatal(err)
	}
	reads := k.reads
	s.kept[arn] = kept{text: s.kept[arn].text}
	if values, err := use(t, s, ref); err != nil || k.reads != reads+1 {
		t.Errorf("after its time: used %v after %d more reads, %v", values, k.reads-reads, err)
	}
}

func TestErrorsAreScrubbed(t *testing.T) {
	s, _ := newStore(t, func() (int, string) { return 200, text(value) })
	for _, leak := range []string{value, "very%2Fsecret%2Bvalue", "very%2fsecret+value", "https://x/?k=" + value + "&y"} {
		_, err := use(t, s, wire.Secret{ARN: arn}, notice.Permanent(fmt.Errorf("no %s: %w", leak, io.EOF)))
		if err == nil || strings.Contains(err.Error(), "very") || !strings.Contains(err.Error(), Hidden) || !errors.Is(err, io.EOF) || !notice.IsPermanent(err) {
			t.Errorf("%s: %v", leak, err)
		}
	}
	plain := io.ErrUnexpectedEOF
	if _, err := use(t, s, wire.Secret{ARN: arn}, plain); err != plain { //nolint:errorlint // the very same error
		t.Errorf("an error without the value became %v", err)
	}
}

func FuzzValue(f *testing.F) {
	f.Add(`{"key":"s3cret-0123456789"}`, "key")
	f.Add("s3cret\r\n", "")
	f.Add(`{"key":["s3cret"]`, "\xff")
	f.Fuzz(func(t *testing.T, text, field string) {
		value, err := valueOf(wire.Secret{Parameter: "/p", Field: field}, text)
		switch {
		case err == nil && (value == "" || strings.HasSuffix(value, "\n")):
			t.Errorf("%q of %q is %q", field, text, value)
		case err != nil && len(text) > 8 && !strings.Contains(`/p is not a JSON object: store it as one with the field "", or remove the field from the sink`+field, text) && strings.Contains(err.Error(), text):
			t.Errorf("%v shows %q", err, text)
		}
	})
}
