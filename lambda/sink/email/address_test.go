package email

import (
	"encoding/json"
	"net/mail"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"ops@example.com":                         "ops@example.com",
		"<ops@example.com>":                       "<ops@example.com>",
		"Ops <ops@example.com>":                   "Ops <ops@example.com>",
		`"Ops, Europe" <ops@example.com>`:         `"Ops, Europe" <ops@example.com>`,
		"Müller <ops@example.com>":                "=?utf-8?q?M=C3=BCller?= <ops@example.com>",
		`"Müller, Ops" <ops@example.com>`:         "=?utf-8?b?TcO8bGxlciwgT3Bz?= <ops@example.com>",
		"=?utf-8?q?M=C3=BCller?= <a@example.com>": "=?utf-8?q?M=C3=BCller?= <a@example.com>",
		"ops@example.com\r\nBcc: a@example.com":   "ops@example.com Bcc: a@example.com",
		"\"Ö\r\nBcc: a@b.c\" <ops@example.com>\n": "=?utf-8?b?w5YgQmNjOiBhQGIuYw==?= <ops@example.com>",
	} {
		if got := address(in); got != want {
			t.Errorf("address(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestAddressesReadBack reads every address of a request as SES and mail clients do: it
// must have the display name that was meant.
func TestAddressesReadBack(t *testing.T) {
	const spec = "ops@example.com"
	for _, name := range []string{
		"", "Ops", "Ops, Europe", "Prod: ops", "a; b", "Ops (EU)", "ops@home", `the "night" shift`, "it's ops", "A.B.", `back\slash`, "[x] <y>", "a=b?c_d", "50% #1 & more",
		"Müller", "Müller, Ops", "Größe: Prod", "é; è", "Müller (EU)", "müller@home", `das "Ö"`, "l'été", "É.", `ü\`, "[ü] <ü>", "=?ü?=", "ü_ü", "ü 50% #1 & $2", "注文, サービス", "Ops – 👩‍💻",
		strings.Repeat("Größe, ", 20) + "x",
	} {
		quoted := spec
		if name != "" {
			quoted = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" <` + spec + ">"
		}
		forms := []string{quoted}
		if name != "" && !strings.ContainsAny(name, `"\<`) { // as a parameter of a stack may have it
			forms = append(forms, name+" <"+spec+">")
		}
		for _, in := range forms {
			r := newRequest(wire.Email{From: in, To: []string{in}, CC: []string{in}, ReplyTo: []string{in}}, &notice.Notice{})
			for field, got := range map[string]string{
				"From": r.FromEmailAddress, "To": r.Destination.ToAddresses[0], "Cc": r.Destination.CcAddresses[0], "Reply-To": r.ReplyToAddresses[0],
			} {
				parsed, err := mail.ParseAddress(got)
				if err != nil || parsed.Name != name || parsed.Address != spec {
					t.Errorf("%s: %s is sent as %s, which reads as %+v, %v", field, in, got, parsed, err)
				}
				if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r > '~' }) {
					t.Errorf("%s: %s is sent as %q, which is not printable ASCII", field, in, got)
				}
			}
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("Müller, \"Ops\" \\")
	f.Add("(a) <b>")
	f.Fuzz(func(t *testing.T, name string) {
		name = notice.Line(name)
		quoted, _ := json.Marshal(name)
		if strings.Contains(string(quoted), `\u`) {
			return // what only JSON escapes
		}
		got := address(string(quoted) + " <ops@example.com>")
		if parsed, err := mail.ParseAddress(got); err != nil || parsed.Name != name {
			t.Errorf("%q is sent as %q, which reads as %+v, %v", name, got, parsed, err)
		}
	})
}
