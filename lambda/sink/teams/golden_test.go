package teams

import (
	"encoding/json"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

func TestGolden(t *testing.T) {
	for name, n := range sinktest.Samples() {
		golden.JSON(t, "testdata/"+name+".json", json.RawMessage(Body(n)))
	}
}
