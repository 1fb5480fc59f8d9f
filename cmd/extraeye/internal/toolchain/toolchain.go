// Package toolchain checks the programs that the command needs: Go, which compiles the
// notifier and the app, and Node.js, in which CDK runs.
package toolchain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

const (
	minGo = "go1.25" // as in go.mod
	getGo = "install Go 1.25 or later, from https://go.dev/dl"

	// minNode is what aws-cdk-lib asks for in "engines".
	//
	// https://www.npmjs.com/package/aws-cdk-lib
	minNode = 20
	getNode = "CDK needs Node.js 20 or later, from https://nodejs.org"

	// autoGo is the first Go that downloads the version which a go.mod asks for.
	//
	// https://go.dev/doc/toolchain
	autoGo = "go1.21"
)

// Go returns an error if Go is missing or too old. What else may be wrong with it, the
// go command says better when it compiles.
func Go(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOTOOLCHAIN").Output()
	if missing(err) {
		return errors.New("go is not in PATH: " + getGo)
	}
	have, toolchain, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	switch {
	case !version.IsValid(have) || version.Compare(have, minGo) >= 0:
		return nil
	case version.Compare(have, autoGo) < 0:
		return fmt.Errorf("%s is too old: %s", have, getGo)
	case !downloads(toolchain):
		return fmt.Errorf("%s is too old: %s, or let go download it with GOTOOLCHAIN=auto, which is %q now", have, getGo, toolchain)
	}
	return nil
}

// downloads says whether a setting of GOTOOLCHAIN lets go fetch a newer version.
func downloads(toolchain string) bool {
	mode := toolchain[strings.LastIndex(toolchain, "+")+1:]
	return mode == "auto" || mode == "path"
}

// Node returns an error if Node.js is missing or too old. It looks for it where jsii
// does.
func Node(ctx context.Context) error {
	node := cmp.Or(os.Getenv("JSII_NODE"), "node")
	out, err := exec.CommandContext(ctx, node, "--version").Output()
	switch {
	case missing(err) && node != "node":
		return fmt.Errorf("there is no %s, which JSII_NODE names: %s", node, getNode)
	case missing(err):
		return errors.New("node is not in PATH: " + getNode)
	}
	have := strings.TrimSpace(string(out)) // v20.20.2
	major, _, _ := strings.Cut(strings.TrimPrefix(have, "v"), ".")
	if n, err := strconv.Atoi(major); err == nil && n < minNode {
		return fmt.Errorf("node %s is too old: %s", have, getNode)
	}
	return nil
}

func missing(err error) bool {
	return errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist)
}
