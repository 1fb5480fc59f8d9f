package binding_test

import (
	"testing"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }
