package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// longFlags returns the arguments as pflag takes them: it reads -json as four flags of
// one letter, and --json as one flag.
func longFlags(root *cobra.Command, args []string) []string {
	if len(args) > 1 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		last := len(args) - 1 // is what is being typed
		return slices.Concat(args[:1], longFlags(root, args[1:last]), args[last:])
	}
	cmd, _, err := root.Find(args)
	if err != nil {
		cmd = root
	}
	cmd.InitDefaultHelpFlag()
	cmd.InitDefaultVersionFlag()
	return twoDashes(cmd.Flags(), args)
}

// twoDashes gives each flag that begins with one dash two, except for flags of one
// letter, such as -h. Values of flags stay as they are, and so does all that follows "--".
func twoDashes(flags *pflag.FlagSet, args []string) []string {
	long := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(long, args[i:]...)
		}
		arg, takesNext := twoDashed(flags, args[i])
		long = append(long, arg)
		if takesNext && i+1 < len(args) {
			i++
			long = append(long, args[i])
		}
	}
	return long
}

// twoDashed gives an argument that is a flag two dashes, and says whether the flag
// takes the next argument as its value.
func twoDashed(flags *pflag.FlagSet, arg string) (long string, takesNext bool) {
	name := strings.TrimLeft(arg, "-")
	dashes := len(arg) - len(name)
	if dashes == 0 || dashes > 2 || name == "" {
		return arg, false
	}
	if dashes == 1 && len(name) == 1 && flags.ShorthandLookup(name) != nil {
		return arg, false
	}
	name, _, hasValue := strings.Cut(name, "=")
	flag := flags.Lookup(name)
	return "--" + arg[dashes:], flag != nil && flag.NoOptDefVal == "" && !hasValue
}

// flagError says what is wrong with the flags of a command line.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		err = fmt.Errorf("%s has no flag -%s%s", cmd.Name(), name, didYouMean("-", name, names))
	case errors.As(err, &missing):
		err = fmt.Errorf("-%s needs a value", missing.GetSpecifiedName())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		err = fmt.Errorf("-%s %q: it must be true or false", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid):
		err = fmt.Errorf("-%s %q: %w", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	}
	return usageError(err)
}

// didYouMean proposes the names that are most like a name that does not exist.
func didYouMean(prefix, name string, names []string) string {
	candidates := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, n := range names {
		candidates.AddCommand(&cobra.Command{Use: n, Run: func(*cobra.Command, []string) {}})
	}
	similar := candidates.SuggestionsFor(name)
	if len(similar) == 0 {
		return ""
	}
	for i := range similar {
		similar[i] = prefix + similar[i]
	}
	return "; did you mean " + strings.Join(similar, " or ") + "?"
}
