package main

import (
	"strings"
	"testing"
)

// TestPractice handles what is practiced with. A delivery that was not sent would have done little.
func TestPractice(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	h := practicing()
	for _, delivery := range practiced {
		answer, err := h.Invoke(t.Context(), []byte(delivery))
		if err != nil || !strings.Contains(string(answer), `"sent"`) {
			t.Errorf("%s, %v", answer, err)
		}
	}
}
