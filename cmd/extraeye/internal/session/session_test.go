package session

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The answers are those of AWS's documentation.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const (
	identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/Alice</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>`
	expired = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code>
<Message>The security token included in the request is expired</Message></Error><RequestId>r</RequestId></ErrorResponse>`
	broken = `<ErrorResponse><Error><Code>InternalFailure</Code><Message>x</Message></Error></ErrorResponse>`
)

// alone takes everything away from which the SDK finds credentials and a Region.
func alone(t *testing.T) (config string) {
	t.Helper()
	for _, name := range os.Environ() {
		if name, _, _ := strings.Cut(name, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	config = filepath.Join(t.TempDir(), "config")
	t.Setenv("AWS_CONFIG_FILE", config)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(filepath.Dir(config), "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	return config
}

// serve answers GetCallerIdentity and returns what signed the requests.
func serve(t *testing.T, status int, answer string) (signatures *[]string) {
	t.Helper()
	signatures = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*signatures = append(*signatures, r.Header.Get("Authorization"))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	return signatures
}

const profiles = `
[profile dev]
region = eu-west-1
aws_access_key_id = AKIADEV
aws_secret_access_key = secret
[profile nowhere]
aws_access_key_id = AKIANOWHERE
aws_secret_access_key = secret
`

func TestOpen(t *testing.T) {
	tests := []struct {
		name    string
		env     map[string]string
		opt     Options
		status  int
		answer  string
		region  string
		key     string
		problem string
	}{
		{name: "profile of the environment", env: map[string]string{"AWS_PROFILE": "dev"}, region: "eu-west-1", key: "AKIADEV"},
		{name: "profile and Region of the options", opt: Options{Profile: "dev", Region: "us-east-2"}, region: "us-east-2", key: "AKIADEV"},
		{name: "environment", env: map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-north-1"}, region: "eu-north-1", key: "AKIAENV"},
		{name: "the options' profile before the environment", opt: Options{Profile: "dev"},
			env: map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-north-1"}, region: "eu-north-1", key: "AKIADEV"},
		{name: "no Region", opt: Options{Profile: "nowhere"}, problem: "no AWS Region: set AWS_REGION"},
		{name: "no credentials", env: map[string]string{"AWS_REGION": "eu-west-1"}, problem: `no AWS credentials: `},
		{name: "no such profile", opt: Options{Profile: "prod"}, problem: `no AWS credentials: failed to get shared config profile, prod; run "aws sso login" or set AWS_PROFILE`},
		{name: "expired", opt: Options{Profile: "dev"}, status: 403, answer: expired,
			problem: "AWS does not accept the credentials: sts GetCallerIdentity in eu-west-1: ExpiredToken (HTTP 403)"},
		{name: "out of order", opt: Options{Profile: "dev"}, status: 500, answer: broken, problem: "AWS could not be asked whose the credentials are"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config := alone(t)
			if err := os.WriteFile(config, []byte(profiles), 0o600); err != nil {
				t.Fatal(err)
			}
			if tt.answer == "" {
				tt.status, tt.answer = 200, identity
			}
			signatures := serve(t, tt.status, tt.answer)
			for name, value := range tt.env {
				t.Setenv(name, value)
			}
			s, err := Open(t.Context(), tt.opt)
			if tt.problem != "" {
				if err == nil || !strings.Contains(err.Error(), tt.problem) {
					t.Errorf("got %v, want %s", err, tt.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Account != "123456789012" || s.Region != tt.region {
				t.Errorf("opened %s in %s", s.Account, s.Region)
			}
			if want := "Credential=" + tt.key + "/"; !strings.Contains((*signatures)[0], want) || !strings.Contains((*signatures)[0], "/"+tt.region+"/sts/") {
				t.Errorf("signed with %s, want %s", (*signatures)[0], want)
			}
		})
	}
}

// TestMFA shows that a profile with a device asks for its code.
func TestMFA(t *testing.T) {
	config := alone(t)
	role := `[profile role]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/reader
mfa_serial = arn:aws:iam::123456789012:mfa/alice
source_profile = dev
` + profiles
	if err := os.WriteFile(config, []byte(role), 0o600); err != nil {
		t.Fatal(err)
	}
	var form string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), "AssumeRole") {
			form = string(body)
			_, _ = io.WriteString(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`)
			return
		}
		_, _ = io.WriteString(w, identity)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL_STS", server.URL)
	if _, err := Open(t.Context(), Options{Profile: "role", MFA: func() (string, error) { return "123456", nil }}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(form, "TokenCode=123456") {
		t.Errorf("the role was assumed with %s", form)
	}
	if _, err := Open(t.Context(), Options{Profile: "role"}); err == nil || !strings.Contains(err.Error(), "no AWS credentials") {
		t.Errorf("without a code: %v", err)
	}
}
