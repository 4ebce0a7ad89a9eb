package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// form is the first byte of every box and wrapped key: AES-256-GCM with a random nonce in front.
const form = 1

const keySize = 32

// dataKey is the key of one subject. The cipher is made for each box: kept, it would take a kilobyte a subject, thirty
// times the key, and making it takes less than a microsecond.
type dataKey [keySize]byte

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// bound is what a box belongs to. Subjects and names hold no bar, so that two of them never read alike.
func bound(subject, stream, name string) []byte {
	aad := make([]byte, 0, len(subject)+len(stream)+len(name)+2)
	aad = append(append(aad, subject...), '|')
	aad = append(append(aad, stream...), '|')
	return append(aad, name...)
}

func sealBox(key *dataKey, plain []byte, subject, stream, name string) ([]byte, error) {
	aead, err := newAEAD(key[:])
	if err != nil {
		return nil, err
	}
	box := make([]byte, 1, 1+len(plain)+aead.Overhead())
	box[0] = form
	return aead.Seal(box, nil, plain, bound(subject, stream, name)), nil
}

func openBox(key *dataKey, box []byte, subject, stream, name string) ([]byte, error) {
	if len(box) == 0 || box[0] != form {
		return nil, ErrBox
	}
	aead, err := newAEAD(key[:])
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, box[1:], bound(subject, stream, name))
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}

func wrap(kek cipher.AEAD, key []byte, subject string) []byte {
	return kek.Seal([]byte{form}, nil, key, []byte(subject))
}

func unwrap(kek cipher.AEAD, wrapped []byte, subject string) (*dataKey, error) {
	if len(wrapped) == 0 || wrapped[0] != form {
		return nil, ErrWrapped
	}
	key, err := kek.Open(nil, nil, wrapped[1:], []byte(subject))
	if err != nil || len(key) != keySize {
		return nil, ErrWrapped
	}
	return (*dataKey)(key), nil
}

// newSubject is a UUIDv7 in text.
func newSubject(now time.Time) string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	var millis [8]byte
	binary.BigEndian.PutUint64(millis[:], uint64(now.UnixMilli()))
	copy(id[:6], millis[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	text := hex.EncodeToString(id[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
