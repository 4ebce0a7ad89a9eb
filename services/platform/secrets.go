package platform

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"example.org/passerelle/pkg/web/token"
)

// secrets are the keys of an installation, each a file of 32 random bytes and mode 0600.
type secrets struct {
	kek    []byte // wraps the keys of persons
	chain  []byte // links the events of a ledger
	cursor []byte // signs the cursors of lists
	match  []byte // hashes what must be recognised without being read
	dir    string
}

// ErrKEKLost: there are wrapped keys, and the key that opens them is gone.
var ErrKEKLost = errors.New("the key-encryption key is lost")

// loadSecrets reads the secrets, and makes what is missing. keysExist tells whether keys of persons were
// wrapped already: then a missing kek stops the start instead of being made anew.
func loadSecrets(dir string, keysExist bool) (*secrets, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("secrets folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "kek")); keysExist && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s is missing, and the details of persons cannot be read without it: put it back from its backup", ErrKEKLost, filepath.Join(dir, "kek"))
	}
	return eachSecret(dir, func(path string) ([]byte, error) {
		secret, err := readSecret(path)
		if errors.Is(err, fs.ErrNotExist) {
			return makeSecret(path)
		}
		return secret, err
	})
}

// readSecrets reads what `passerelle provision` has made.
func readSecrets(dir string) (*secrets, error) {
	s, err := eachSecret(dir, readSecret)
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, ownKey))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("PASSERELLE_SECRETS_DIR: a secret is missing in %s: %w, or put the folder that it made there", dir, errNotProvisioned)
	}
	return s, err
}

func eachSecret(dir string, get func(path string) ([]byte, error)) (*secrets, error) {
	s := &secrets{dir: dir}
	for name, into := range map[string]*[]byte{"kek": &s.kek, "chain": &s.chain, "cursor": &s.cursor, "match": &s.match} {
		secret, err := get(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		*into = secret
	}
	return s, nil
}

func readSecret(path string) ([]byte, error) {
	secret, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	if len(secret) != 32 {
		return nil, fmt.Errorf("secret %s has %d bytes instead of 32: put it back from its backup", path, len(secret))
	}
	return secret, nil
}

// readKey reads a key that signs tokens, and makes it when it is missing.
func readKey(path string) (token.Key, error) {
	if err := private(path); err != nil {
		return token.Key{}, err
	}
	return token.ReadKey(path)
}

// makeSecret is durable before it answers: what is sealed with a key that is lost in a crash is lost too.
func makeSecret(path string) ([]byte, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	if err := writeDurably(path, secret); err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return secret, nil
}

// writeDurably puts a private file in place whole or not at all, also when the machine stops in the middle.
func writeDurably(path string, content []byte) error {
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(content); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func (s *secrets) file(name string) string { return filepath.Join(s.dir, name) }
