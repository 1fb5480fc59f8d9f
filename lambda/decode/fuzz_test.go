package decode

import (
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

// FuzzDecode reads any event for every watch, asks whether it is reported and describes it,
// with any evidence.
func FuzzDecode(f *testing.F) {
	for i, file := range recordedFiles(f) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, uint64(i))
	}
	f.Fuzz(func(t *testing.T, raw []byte, seed uint64) {
		for _, watch := range everyWatch(seed) {
			checkAll(t, raw, watch, seed)
		}
	})
}

// everyWatch is a watch of no kind and one of each, that asks for anything.
func everyWatch(seed uint64) []wire.Watch {
	watches, random := []wire.Watch{{}}, rand.New(rand.NewPCG(seed, 0))
	of := reflect.TypeFor[wire.Watch]()
	for _, field := range reflect.VisibleFields(of) {
		if field.Type.Kind() == reflect.Pointer {
			w := reflect.New(of).Elem()
			fill(w.FieldByIndex(field.Index), random)
			watches = append(watches, w.Interface().(wire.Watch))
		}
	}
	return watches
}

// checkAll checks the notice of an event without evidence and with any.
func checkAll(t *testing.T, raw []byte, watch wire.Watch, seed uint64) {
	t.Helper()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	e := Decode(raw, watch)
	_ = e.SkipReason()
	eventtest.Check(t, e.Notice(now))

	random := rand.New(rand.NewPCG(seed, seed))
	subject := reflect.ValueOf(e.Subject).Elem()
	for i := range subject.NumField() {
		if isFinding(subject.Field(i).Type()) {
			fill(subject.Field(i), random)
		}
	}
	fill(reflect.ValueOf(&e.Alias).Elem(), random)
	_ = e.SkipReason()
	n := e.Notice(now)
	eventtest.Check(t, n)
	for i, f := range n.Facts {
		if f.Label == "Not looked up" && i != len(n.Facts)-1 {
			t.Errorf("%s comes before %s", f.Label, n.Facts[i+1].Label)
		}
	}
}

func isFinding(t reflect.Type) bool { return strings.HasPrefix(t.Name(), "Finding[") }

// texts are what a look-up may find: text that is read, and what breaks it.
var texts = []string{
	"", "i-1", "web:42", "ecs-svc/123", codedeploy.StatusSucceeded, codedeploy.StatusFailed, codedeploy.StatusStopped, "InProgress", "COMPLETED", "FAILED", "Pending:Wait",
	"CONTINUE", "ABANDON", "MANUAL_STOP", "Terminating EC2 instance: i-1", "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/123.",
	string(wire.CreatorRollback), string(wire.CreatorAutoScaling), ".", "…", "İ", " ", "\xff", "a\r\nb", "\u202e{}", "{$", "{$.detail}", "$.detail[", strings.Repeat("é ", 1100),
}

// fill puts any values into v, at any depth.
func fill(v reflect.Value, random *rand.Rand) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(texts[random.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(random.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt([]int64{0, 1, 2, 40, -1, 3600e9, -1 << 63, 1<<63 - 1}[random.IntN(8)])
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), random)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), random.IntN(4), 4))
		for i := range v.Len() {
			fill(v.Index(i), random)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(int64(48*time.Hour))) - 36*time.Hour)
			v.Set(reflect.ValueOf([]time.Time{{}, at, at, time.Unix(-1<<40, 0), time.Unix(1<<40, 0)}[random.IntN(5)]))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() { // others remember what was read of these
				fill(v.Field(i), random)
			}
		}
	default:
		panic("fill does not know " + v.Type().String())
	}
}
