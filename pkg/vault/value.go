package vault

import (
	"context"
	"fmt"
)

// Seal seals a value that is no event with the key of a subject. place says where it belongs: it opens nowhere else.
// events.ErrErased when the key was destroyed, ErrMissing if there is none.
func (v *Vault) Seal(ctx context.Context, subject, place string, plain []byte) ([]byte, error) {
	key, err := v.key(ctx, subject)
	if err != nil {
		return nil, fmt.Errorf("seal a value of %s: %w", subject, err)
	}
	return sealBox(key, plain, subject, place, "")
}

// Open opens what Seal has sealed for this subject and place. Beside Seal's errors, ErrBox for anything else.
func (v *Vault) Open(ctx context.Context, subject, place string, box []byte) ([]byte, error) {
	key, err := v.key(ctx, subject)
	if err != nil {
		return nil, fmt.Errorf("open a value of %s: %w", subject, err)
	}
	return openBox(key, box, subject, place, "")
}
