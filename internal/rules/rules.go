// Package rules has no code: its tests hold the repository to its own rules.
package rules
