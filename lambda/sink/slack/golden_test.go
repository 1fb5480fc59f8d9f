package slack

import (
	"encoding/json"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

func TestGolden(t *testing.T) {
	for name, n := range sinktest.Samples() {
		golden.JSON(t, "testdata/"+name+".json", json.RawMessage(encoded(n, byToken)))
	}
}

// encoded is the message for a notice as it is sent without a thread.
func encoded(n *notice.Notice, cfg wire.Slack) []byte { return notice.JSON(newMessage(n, cfg)) }
