package portal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
)

// What a session knows of its user is sealed with the cookie, of which the database has the hash only: whoever reads
// the table learns nobody's name and gets nobody's tokens.

func sealing(cookie string) (cipher.AEAD, error) {
	if cookie == "" {
		return nil, errors.New("a session without a cookie")
	}
	key := sha256.Sum256([]byte("passerelle portal user\x00" + cookie))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// keepUser notes who has signed in. The session has its new cookie already.
func (v *visit) keepUser(u user) error {
	var plain bytes.Buffer
	if err := gob.NewEncoder(&plain).Encode(u); err != nil {
		return fmt.Errorf("session of a user: %w", err)
	}
	aead, err := sealing(v.sessions.Token(v.ctx))
	if err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyUser, aead.Seal(nil, nil, plain.Bytes(), nil))
	return nil
}

// sealedUser is who has signed in, zero when nobody has.
func (v *visit) sealedUser() (u user) {
	sealed := v.sessions.GetBytes(v.ctx, keyUser)
	if sealed == nil {
		return u
	}
	aead, err := sealing(v.sessions.Token(v.ctx))
	if err != nil {
		return u
	}
	plain, err := aead.Open(nil, nil, sealed, nil)
	if err != nil || gob.NewDecoder(bytes.NewReader(plain)).Decode(&u) != nil {
		return user{}
	}
	return u
}
