package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/extraeye/extraeye/internal/bundle"
)

const bundleUsage = `Usage: extraeye bundle [flags]

Compiles the notifier for Lambda, byte for byte as synthesizing an app does, for
apps that are synthesized where Go is not: give the folder to NotifierProps.Code
as awslambda.Code_FromAsset(jsii.String("notifier"), nil).

Flags:
`

func bundleCommand(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bundle", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), bundleUsage)
		flags.PrintDefaults()
	}
	arch := flags.String("arch", "arm64", "compile for `ARCH`: arm64 or amd64 (x86_64)")
	out := flags.String("o", "notifier", "write the executable, bootstrap, to `DIR`")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() > 0 || *arch != "arm64" && *arch != "amd64":
		flags.Usage()
		return exitUsage
	}
	if err := writeBundle(*arch, *out); err != nil {
		fmt.Fprintf(stderr, "extraeye: %v\n", err)
		return exitFailed
	}
	fmt.Fprintln(stdout, filepath.Join(*out, "bootstrap"))
	return exitOK
}

// writeBundle compiles the notifier and puts it into a folder.
func writeBundle(arch, out string) error {
	dir, err := bundle.Build("linux", arch)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(dir, "bootstrap"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "bootstrap"), content, 0o755)
}
