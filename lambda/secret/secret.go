// Package secret reads secrets when they are needed, from Secrets Manager or SSM,
// and keeps them in memory for a few minutes. No error has a secret in it.
package secret

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// ErrWrong is what a destination's answer means when it says that the credential
// is wrong. [Store.Use] then reads the secret again, once: it may have been rotated.
var ErrWrong = errors.New("the credential is wrong")

// keep is how long a secret is kept, so that a warm function does not read it for
// every delivery.
const keep = 5 * time.Minute

// Store reads and keeps secrets. It may be used by several goroutines.
type Store struct {
	api *awsapi.Client

	mu   sync.Mutex
	kept map[string]kept // by ARN or name
}

// kept is a whole secret, of which a [wire.Secret] may be one field.
type kept struct {
	text  string
	until time.Time
}

// New returns an empty store.
func New(api *awsapi.Client) *Store { return &Store{api: api, kept: map[string]kept{}} }

// Use calls use with the value of a secret. If use fails with [ErrWrong] and the
// value was kept from before, the secret is read again and use is called once more
// with what it is now.
//
// A secret that cannot be read is an error that says what to do; one that will not
// be read at another try either is marked as permanent.
func (s *Store) Use(ctx context.Context, ref wire.Secret, use func(value string) error) error {
	text, old := s.old(ref)
	for {
		if !old {
			var err error
			if text, err = s.read(ctx, ref); err != nil {
				return err
			}
			s.keep(ref, text)
		}
		value, err := valueOf(ref, text)
		if err == nil {
			if err = scrub(use(value), value); !errors.Is(err, ErrWrong) {
				return err
			}
		}
		// A value that is not there, or that is wrong, is not kept for the next delivery.
		s.forget(ref)
		if !old {
			return err
		}
		old = false
	}
}

func (s *Store) old(ref wire.Secret) (text string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[name(ref)]
	return k.text, ok && time.Now().Before(k.until)
}

func (s *Store) keep(ref wire.Secret, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[name(ref)] = kept{text, time.Now().Add(keep)}
}

func (s *Store) forget(ref wire.Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, name(ref))
}

// name is what the secret is read by: an ARN or a parameter's name.
func name(ref wire.Secret) string { return cmp.Or(ref.ARN, ref.Parameter) }
