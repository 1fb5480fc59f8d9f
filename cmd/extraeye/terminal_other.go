//go:build !darwin && !linux

package main

import "os"

// terminalWidth is not known here.
func terminalWidth(*os.File) int { return 0 }
