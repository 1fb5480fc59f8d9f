package cdktest

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Mistake is something wrong, or just right, in the props of a user.
type Mistake struct {
	name   string
	define func(stack awscdk.Stack)
	codes  []string
}

// Reports is a mistake that is reported with these codes, in order. With none, it is
// not a mistake.
func Reports(name string, define func(stack awscdk.Stack), codes ...string) Mistake {
	return Mistake{name, define, codes}
}

// Mistakes makes mistakes, and checks what is reported.
func Mistakes(t *testing.T, mistakes []Mistake) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // as the CDK CLI runs an app, so that nothing is printed
	for _, tt := range mistakes {
		t.Run(tt.name, func(t *testing.T) {
			stack := Stack(t)
			tt.define(stack)
			codes, texts := Reported(stack)
			if !slices.Equal(codes, tt.codes) {
				t.Errorf("reported %q, want %q:\n%s", codes, tt.codes, strings.Join(texts, "\n"))
			}
			for _, text := range texts {
				for _, not := range []string{"%!", "Severity[", "Token[", "pass@", "\n", "\r"} {
					if strings.Contains(text, not) {
						t.Errorf("the message has %q in it: %q", not, text)
					}
				}
			}
		})
	}
}

// Copy reports in a stack what is reported in another one.
func Copy(to, from awscdk.Stack) {
	_, texts := Reported(from)
	for _, text := range texts {
		awscdk.Annotations_Of(to).AddError(str(text))
	}
}

// EveryCode checks that each code that begins with a prefix has a mistake, or a test
// elsewhere in the package, and that docs/errors.md explains it.
func EveryCode(t *testing.T, prefix string, mistakes []Mistake, elsewhere ...binding.Code) {
	docs, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, code := range binding.Codes() {
		if !strings.HasPrefix(string(code), prefix) {
			continue
		}
		n++
		if !strings.Contains(string(docs), "\n## "+string(code)+"\n") {
			t.Errorf("docs/errors.md does not explain %s", code)
		}
		made := slices.ContainsFunc(mistakes, func(m Mistake) bool { return slices.Contains(m.codes, string(code)) })
		if !made && !slices.Contains(elsewhere, code) {
			t.Errorf("no test makes the mistake of %s", code)
		}
	}
	if n == 0 {
		t.Errorf("no code begins with %s", prefix)
	}
}
