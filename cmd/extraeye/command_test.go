package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// asCommand is the variable that makes the test's executable run as the command.
const asCommand = "EXTRAEYE_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

func TestUsage(t *testing.T) {
	cases := []struct {
		args           string
		code           int
		stdout, stderr string
	}{
		{"", exitOK, "rehearse    Play events", ""},
		{"help", exitOK, "exit-codes  What the exit codes mean", ""},
		{"-help", exitOK, "rehearse    Play events", ""},
		{"--help", exitOK, "rehearse    Play events", ""},
		{"help rehearse", exitOK, "-answers DIR\n        answer calls", ""},
		{"rehearse -h", exitOK, "-answers DIR\n        answer calls", ""},
		{"rehearse --help", exitOK, "-answers DIR\n        answer calls", ""},
		{"help bundle", exitOK, `(default "arm64")`, ""},
		{"help exit-codes", exitOK, "1  a delivery failed", ""},
		{"exit-codes", exitOK, "1  a delivery failed", ""},
		{"version", exitOK, runtime.GOOS + "/" + runtime.GOARCH, ""},
		{"-version", exitOK, runtime.GOOS + "/" + runtime.GOARCH, ""},
		{"completion bash", exitOK, "# bash completion V2 for extraeye", ""},
		{"completion zsh", exitOK, "#compdef extraeye", ""},
		{"completion fish", exitOK, "# fish completion for extraeye", ""},
		{"completion powershell", exitOK, "# powershell completion for extraeye", ""},
		{"__complete re", exitOK, "rehearse\tPlay events", ""},
		{"__complete help exit", exitOK, "exit-codes\tWhat", ""},
		{"__complete rehearse -assembly cdk", exitOK, ":16\n", ""}, // folders
		{"help services", exitOK, "\nUsage: extraeye services COMMAND\n\nCommands:\n  check ", ""},
		{"help services who", exitOK, "\nUsage: extraeye services who NAME [flags]\n", ""},
		{"services who -h", exitOK, "-file FILE\n        read", ""},
		{"help timeline", exitOK, "-auto-scaling-group NAME\n        show", ""},
		{"__complete time", exitOK, "timeline\tShow what happened", ""},
		{"__complete timeline -assembly cdk", exitOK, ":16\n", ""}, // folders
		{"help coverage", exitOK, "-except NAME\n        leave out", ""},
		{"help drill", exitOK, "-page\n        send to pagers", ""},
		{"help redrive", exitOK, "-message ID\n        list and send", ""},
		{"__complete redrive --y", exitOK, "--yes\tsend without", ""},
		{"__complete timeline --aro", exitOK, "--around\tshow from", ""},
		{"__complete bundle -arch a", exitOK, "arm64\namd64\n", ""},

		{"rehearsal", exitUsage, "", "\nextraeye: there is no command \"rehearsal\"; did you mean rehearse?\n"},
		{"destroy", exitUsage, "", "\nextraeye: there is no command \"destroy\"\n"},
		{"help bundel", exitUsage, "", "\nextraeye: there is no command or topic \"bundel\"; did you mean bundle?\n"},
		{"help rehearse bundle", exitUsage, "", "\nextraeye: there is no command or topic \"rehearse bundle\"\n"},
		{"version 2", exitUsage, "", "\nextraeye: version takes no arguments, but got [\"2\"]\n"},
		{"completion", exitUsage, "", "\nextraeye: completion needs one shell: "},
		{"completion csh", exitUsage, "", "\nextraeye: there is no completion for \"csh\": "},
		{"-json rehearse", exitUsage, "", "\nextraeye: extraeye has no flag -json\n"},
		{"rehearse -assemly x", exitUsage, "", "\nextraeye: rehearse has no flag -assemly; did you mean -assembly?\n"},
		{"rehearse --verbose", exitUsage, "", "\nextraeye: rehearse has no flag -verbose\n"},
		{"rehearse -resolve =x", exitUsage, "", "\nextraeye: -resolve \"=x\": it must look like LogicalId=value\n"},
		{"rehearse -json=maybe", exitUsage, "", "\nextraeye: -json \"maybe\": it must be true or false\n"},
		{"rehearse -app", exitUsage, "", "\nextraeye: -app needs a value\n"},
		{"rehearse ---app", exitUsage, "", "\nextraeye: bad flag syntax: ---app\n"},
		{"rehearse -assembly a -app b", exitUsage, "", "\nextraeye: -assembly and -app exclude each other"},
		{"bundle -arch \u202espim\x1b[2J", exitUsage, "", "\nextraeye: -arch \\u202espim\\u001b[2J: it must be arm64 or amd64\n"},
		{"bundle -arch mips", exitUsage, "", "\nextraeye: -arch mips: it must be arm64 or amd64\n"},
		{"timeline", exitUsage, "", "\nextraeye: what is to be shown? Name a -stack, "},
		{"timeline i-0abc", exitUsage, "", "\nextraeye: timeline takes no arguments, but got [\"i-0abc\"]\n"},
		{"timeline -stack a -assembly b", exitUsage, "", "\nextraeye: -stack and -assembly exclude each other\n"},
		{"timeline -stack a -around d-1 -from x", exitUsage, "", "\nextraeye: -around excludes -from and -to\n"},
		{"timeline -stack a -since yesterday", exitUsage, "", "\nextraeye: -since \"yesterday\": it must be a time such as 90m, 6h, 2d or 6w\n"},
		{"timeline -stack a -from 2026-11-22T09:00", exitUsage, "", "\nextraeye: -from \"2026-11-22T09:00\": a time has a date and a zone, "},
		{"timeline -ecs-service api", exitUsage, "", "\nextraeye: -ecs-service \"api\": it must look like CLUSTER/NAME"},
		{"timeline -codedeploy-application /x", exitUsage, "", "\nextraeye: -codedeploy-application \"/x\": it must look like APPLICATION"},
		{"drill", exitUsage, "", "\nextraeye: what is to be drilled? Name a -stack\n"},
		{"redrive", exitUsage, "", "\nextraeye: whose queue? Name the -stack that has the notifier or the Forwarder\n"},
		{"redrive -stak x", exitUsage, "", "\nextraeye: redrive has no flag -stak; did you mean -stack?\n"},
		{"services", exitUsage, "", "\nextraeye: services needs a command: check or who\n"},
		{"services chek", exitUsage, "", "\nextraeye: there is no command \"chek\" of services; did you mean check?\n"},
		{"services check a b", exitUsage, "", "\nextraeye: check takes one file, but got [\"a\" \"b\"]\n"},
		{"services who", exitUsage, "", "\nextraeye: who takes one name, but got []\n"},
		{"services who a -fil b", exitUsage, "", "\nextraeye: who has no flag -fil; did you mean -file?\n"},
		{"bundle notifier", exitUsage, "", "\nextraeye: bundle takes no arguments, but got [\"notifier\"]\n"},
	}
	for _, c := range cases {
		t.Run(c.args, func(t *testing.T) {
			code, stdout, stderr := extraeye(t, strings.Fields(c.args)...)
			if code != c.code || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) {
				t.Errorf("exit %d, want %d\nstdout: %s\nwant %q\nstderr: %s\nwant %q", code, c.code, stdout, c.stdout, stderr, c.stderr)
			}
			if c.code == exitUsage && (stdout != "" || strings.Count(stderr, "\n") != 3 || !strings.HasPrefix(stderr, "Usage: extraeye ")) {
				t.Errorf("want two lines of a hint and one with the error:\n%s%s", stdout, stderr)
			}
		})
	}
}

// Every flag of every command takes one dash or two, and each command explains itself in
// lines that fit an 80-column terminal with some room.
func TestEveryCommand(t *testing.T) {
	for _, cmd := range newRootCommand().Commands() {
		if cmd.Name() != "help" && cmd.Long == "" || cmd.Short == "" {
			t.Errorf("%s does not say what it is for", cmd.Name())
		}
		_, help, _ := extraeye(t, "help", cmd.Name())
		for line := range strings.Lines(help) {
			if len(line) > 100 {
				t.Errorf("a line of %d characters in the help of %s: %s", len(line), cmd.Name(), line)
			}
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if len(f.Name) == 1 && f.Shorthand != "" || f.Shorthand != "" && f.Shorthand != "h" {
				t.Errorf("%s -%s: a one-letter shorthand cannot be distinguished from a misspelled long flag", cmd.Name(), f.Shorthand)
			}
			for _, dashes := range []string{"-", "--"} {
				if got := longFlags(newRootCommand(), []string{cmd.Name(), dashes + f.Name}); got[1] != "--"+f.Name {
					t.Errorf("%s %s%s becomes %q", cmd.Name(), dashes, f.Name, got)
				}
			}
		})
	}
}

func TestLongFlags(t *testing.T) {
	for args, want := range map[string]string{
		"":                                    "",
		"-h":                                  "-h",
		"-help":                               "--help",
		"rehearse -h":                         "rehearse -h",
		"rehearse -json a.json -open":         "rehearse --json a.json --open",
		"rehearse --json -json=false":         "rehearse --json --json=false",
		"rehearse -assembly cdk.out":          "rehearse --assembly cdk.out",
		"rehearse -assembly=cdk.out":          "rehearse --assembly=cdk.out",
		"rehearse -assembly -out -out":        "rehearse --assembly -out --out",
		"rehearse --assembly -out -json":      "rehearse --assembly -out --json",
		"rehearse -app --":                    "rehearse --app --",
		"rehearse -json -- -json --app":       "rehearse --json -- -json --app",
		"rehearse - -open":                    "rehearse - --open",
		"rehearse -x -jsno -json":             "rehearse --x --jsno --json",
		"rehearse ---json -=":                 "rehearse ---json --=",
		"rehearse -resolve A=-b -json":        "rehearse --resolve A=-b --json",
		"bundle -o -dir -arch amd64":          "bundle --o -dir --arch amd64",
		"nothing -json":                       "nothing --json",
		"__complete rehearse -assembly a -js": "__complete rehearse --assembly a -js",
		"__complete rehearse -out -":          "__complete rehearse --out -",
	} {
		got := longFlags(newRootCommand(), strings.Fields(args))
		if !slices.Equal(got, strings.Fields(want)) || got == nil {
			t.Errorf("%q becomes %q, want %q", args, got, want)
		}
	}
}

// Flags are taken before and after arguments, with one dash and with two.
func TestFlagsReachTheCommand(t *testing.T) {
	root := newRootCommand()
	rehearse, _, err := root.Find([]string{"rehearse"})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	rehearse.RunE = func(_ *cobra.Command, args []string) error {
		paths = args
		return nil
	}
	root.SetOut(io.Discard)
	root.SetArgs(longFlags(root, []string{"rehearse", "-app", "-x", "a.json", "--json", "-out=o", "--", "-b.json"}))
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	flags := rehearse.Flags()
	for name, want := range map[string]string{"app": "-x", "json": "true", "out": "o", "open": "false"} {
		if got := flags.Lookup(name).Value.String(); got != want {
			t.Errorf("-%s is %q, want %q", name, got, want)
		}
	}
	if !slices.Equal(paths, []string{"a.json", "-b.json"}) {
		t.Errorf("arguments %q", paths)
	}
}

// Without Go, each command that needs it says so in one line, before it does anything.
func TestWithoutGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, args := range [][]string{
		{"rehearse", "-assembly", app},
		{"rehearse"},
		{"bundle", "-o", filepath.Join(t.TempDir(), "notifier")},
	} {
		code, stdout, stderr := extraeye(t, args...)
		if code != exitUsage || stdout != "" || stderr != "extraeye: go is not in PATH: install Go 1.25 or later, from https://go.dev/dl\n" {
			t.Errorf("%q: exit %d: %s%s", args, code, stdout, stderr)
		}
	}
}

// Without Node.js, an app that compiles for minutes is not started.
func TestWithoutNode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the go command of the test is a shell script")
	}
	bin := t.TempDir()
	script := "#!/bin/sh\n[ \"$1\" = env ] && echo go1.99\nexit 1\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	// In a process of its own, because this one remembers the result of compiling with that go.
	cmd := exec.Command(os.Args[0], "rehearse", "-app", "go run .")
	cmd.Env = []string{asCommand + "=1", "PATH=" + bin}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	lines := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
	last := lines[len(lines)-1]
	if cmd.ProcessState.ExitCode() != exitUsage || stdout.Len() > 0 || last != "extraeye: node is not in PATH: CDK needs Node.js 20 or later, from https://nodejs.org" {
		t.Errorf("%v: %s%s", err, stdout.String(), stderr.String())
	}
}
