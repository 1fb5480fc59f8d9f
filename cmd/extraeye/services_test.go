package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const exampleServices = "../../internal/services/testdata/services.yaml"

func TestServicesCheck(t *testing.T) {
	code, stdout, stderr := extraeye(t, "services", "check", exampleServices)
	if want := ": 2 teams, 2 services and 7 names, without a mistake\n"; code != exitOK || !strings.HasSuffix(stdout, want) || stderr != "" {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	file := filepath.Join(t.TempDir(), "services.yaml")
	if err := os.WriteFile(file, []byte("teams:\n  - name: \"\x1b[2J\"\n    sink: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr = extraeye(t, "services", "check", file)
	if code != exitUsage || stdout != "" || strings.Count(stderr, "\n") != strings.Count(stderr, file+":") || strings.Count(stderr, "\n") < 3 || strings.Contains(stderr, "\x1b") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	if code, _, stderr = extraeye(t, "services", "check", "nowhere.yaml"); code != exitUsage || !strings.HasPrefix(stderr, "nowhere.yaml: no such file") {
		t.Errorf("exit %d\n%s", code, stderr)
	}
}

func TestServicesWho(t *testing.T) {
	const rule = "1. its tag team, if the value is the name of a team\n  2. its account, if a team has it\n  3. else it is of no team.\n\n  Notified:\n    email to checkout@example.com, lead@example.com\n"
	for name, want := range map[string]string{
		"cart-canary": "The Auto Scaling group cart-canary is checkout's, by its name: a part of cart.\n\n  Notified:\n    email to checkout@example.com, lead@example.com\n    Slack, #checkout\n",
		// An application and a cluster are called cart.
		"cart":          "The CodeDeploy application cart is checkout's, by its name: a part of cart.",
		"main/cart":     "The ECS service main/cart is checkout's, by its name",
		"cart/anything": "The ECS service cart/anything is checkout's, by the name of its cluster: a part of cart.",
		"Cart is slow":  "The CloudWatch alarm Cart is slow is checkout's",
		"123456789012":  "What is in the account 123456789012 and is named nowhere, or has no tag that names a team, is checkout's.",
		"i-0abc":        "An instance such as i-0abc is whose its Auto Scaling group is. Else, this decides:\n\n  " + rule,
		"nothing":       "Nothing in the file is called nothing. Else, this decides:\n\n  " + rule,
		"main/nothing":  "Nothing in the file is called main/nothing.",
	} {
		code, stdout, stderr := extraeye(t, "services", "who", name, "-file", exampleServices)
		if code != exitOK || !strings.HasPrefix(stdout, want) || stderr != "" {
			t.Errorf("%s: exit %d\n%s%s\nwant %s", name, code, stdout, stderr, want)
		}
	}
	if _, stdout, _ := extraeye(t, "services", "who", "cart", "-file", exampleServices); !strings.Contains(stdout, "The ECS cluster cart is checkout's") {
		t.Errorf("%s says nothing of the cluster", stdout)
	}
}
