package secret

import (
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	tests := map[string]string{
		"DB_PASSWORD=hunter2 rest":                                          "DB_PASSWORD=••• rest",
		"password: hunter2, rest":                                           "password: •••, rest",
		"password = hunter2":                                                "password = •••",
		`{"api_key":"a b c","n":1}`:                                         `{"api_key":"•••","n":1}`,
		`{\"apiKey\": \"abc\"}`:                                             `{\"apiKey\": \"•••"}`,
		"--db-password hunter2 rest":                                        "--db-password ••• rest",
		"mysql -u a --password=hunter2":                                     "mysql -u a --password=•••",
		"Authorization: Bearer abc.def ghi":                                 "Authorization: •••",
		"https://u:p@ss@host/x?access_token=abc&y=1":                        "https://u:•••@host/x?access_token=•••&y=1",
		"postgres://app:s3cret@db:5432/app":                                 "postgres://app:•••@db:5432/app",
		"key AKIAIOSFODNN7EXAMPLE is bad":                                   "key ••• is bad",
		"jwt eyJhbGciOiJIUzI1NiJ9.e30.abc-_ end":                            "jwt ••• end",
		"ghp_0123456789abcdefghij":                                          "•••",
		"AWS_SECRET_ACCESS_KEY='wJalr XUtn' x":                              "AWS_SECRET_ACCESS_KEY='•••' x",
		"ünïcode PASSWORD=ü€ end":                                           "ünïcode PASSWORD=••• end",
		"password=":                                                         "password=",
		"export TOKEN=hunter2 && x: No space left":                          "export TOKEN=••• && x: No space left",
		"password: correct horse battery":                                   "password: •••",
		"password = correct horse: No space left":                           "password = •••: No space left",
		`:password=>"hunter2 x", y`:                                         `:password=>"•••", y`,
		`cfg['secret'] = "abc def"`:                                         `cfg['secret'] = "•••"`,
		`{"password": ["a","b"]}`:                                           `{"password": •••`,
		`{"password":{"value":"x"}}`:                                        `{"password":•••`,
		`{"password":"he \"x\" y"} rest`:                                    `{"password":"•••"} rest`,
		`password="unterminated hunter2`:                                    `password="•••`,
		"password=hun,ter2;x rest":                                          "password=••• rest",
		"token = ünï cödé, ok":                                              "token = •••, ok",
		"Bearer abcdefghijklmnop.xyz failed":                                "Bearer ••• failed",
		"bearer of bad news":                                                "bearer of bad news",
		"DB_PASS=hunter2 rest":                                              "DB_PASS=••• rest",
		"passed: 3 tests":                                                   "passed: 3 tests",
		"ENCRYPTION_KEY=abc def":                                            "ENCRYPTION_KEY=••• def",
		"Set-Cookie: session=abc; path=/":                                   "Set-Cookie: •••",
		"?X-Amz-Signature=abc&X=1":                                          "?X-Amz-Signature=•••&X=1",
		"redis://:hunter2@cache:6379/0":                                     "redis://:•••@cache:6379/0",
		"disk-sk_live_0123456789":                                           "disk-•••",
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY is it":                    "••• is it",
		"/opt/SomeService/releases/20260101120000/node_modules/x: No space": "/opt/SomeService/releases/20260101120000/node_modules/x: No space",
		"a token": "a token",
		"vault-token.service: Failed with result 'x'.":   "vault-token.service: Failed with result 'x'.",
		"Failed to start my-secrets fetcher":             "Failed to start my-secrets fetcher",
		"https://host:8080/a@b":                          "https://host:8080/a@b",
		"ASIA and eyJ are short":                         "ASIA and eyJ are short",
		"oom-kill:constraint=CONSTRAINT_MEMCG,task=java": "oom-kill:constraint=CONSTRAINT_MEMCG,task=java",
	}
	for line, want := range tests {
		if got := Mask(line); got != want {
			t.Errorf("Mask(%q) = %q, want %q", line, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, line := range []string{"password=", "--token \xff", "://:@", "authorization:", "AKIA" + strings.Repeat("x", 20)} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if got := Mask("password=hunter2 " + line); strings.Contains(got[:16], "hunter2") {
			t.Errorf("%q shows a secret", got)
		}
	})
}
