package binding

import (
	"fmt"
	"strings"
)

// Problem is something wrong in the props that a user wrote.
type Problem struct {
	Code Code
	// Message says where, what is wrong, which value, and what to do.
	Message string
}

// Problems are what is wrong with a watch, a sink or other props. They are noted as
// they are found, and reported all at once.
type Problems []Problem

// Problemf notes a problem.
func (p *Problems) Problemf(code Code, format string, args ...any) {
	*p = append(*p, Problem{code, readable(fmt.Sprintf(format, args...))})
}

// Code names a kind of problem. Codes are stable: users may refer to them, and
// docs/errors.md has an anchor for each.
type Code string

// ID is the code as reports show it.
func (c Code) ID() string { return "extraeye:" + string(c) }

// The kinds of problem.
const (
	NoSinks           Code = "E101"
	NoWatch           Code = "E102"
	NilSink           Code = "E103"
	DuplicateSink     Code = "E104"
	DuplicateWatch    Code = "E105"
	NoNames           Code = "E201"
	BadName           Code = "E202"
	DuplicateName     Code = "E203"
	ListToken         Code = "E204"
	UnknownChoice     Code = "E205"
	PatternTooLong    Code = "E206"
	BadPattern        Code = "E207"
	BadPath           Code = "E208"
	BadRef            Code = "E209"
	BadAddress        Code = "E301"
	BadIdentity       Code = "E302"
	TooManyRecipients Code = "E303"
	NoResource        Code = "E304"
	FIFO              Code = "E305"
	TemplateTooLong   Code = "E306"
	BadSecret         Code = "E307"
	BadURL            Code = "E308"
	BadPair           Code = "E309"
	BadSetting        Code = "E310"
	Elsewhere         Code = "E311"
	BadNotifierProps  Code = "E401"
	NotCompiled       Code = "E402"
	TooManyRules      Code = "E403"
	PolicyTooLong     Code = "E404"
	TemplateTooLarge  Code = "E405"
	BadServices       Code = "E501"
	TwoTeams          Code = "E502"
	BadTeam           Code = "E503"
	NotInFleet        Code = "E504"
	BadForwarding     Code = "E505"
	Overlap           Code = "W105"
	ManyRules         Code = "W403"
	ManyPolicies      Code = "W404"
)

// Codes returns all codes.
func Codes() []Code {
	return []Code{
		NoSinks, NoWatch, NilSink, DuplicateSink, DuplicateWatch,
		NoNames, BadName, DuplicateName, ListToken, UnknownChoice, PatternTooLong, BadPattern, BadPath, BadRef,
		BadAddress, BadIdentity, TooManyRecipients, NoResource, FIFO, TemplateTooLong,
		BadSecret, BadURL, BadPair, BadSetting, Elsewhere,
		BadNotifierProps, NotCompiled, TooManyRules, PolicyTooLong, TemplateTooLarge,
		BadServices, TwoTeams, BadTeam, NotInFleet, BadForwarding,
		Overlap, ManyRules, ManyPolicies,
	}
}

// IsWarning reports whether the app can be deployed all the same.
func (c Code) IsWarning() bool { return strings.HasPrefix(string(c), "W") }

// Anchor is where docs/errors.md explains the code.
func (c Code) Anchor() string { return strings.ToLower(string(c)) }
