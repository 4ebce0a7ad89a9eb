package imports

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"io"
	"os"
)

// atOnce is how large a file may be whose sender waits for the end.
const atOnce = 1 << 20

// spool holds a file until it is worked: a large one on disk, under a key that nobody else has and under no name, so
// that nothing of it is there in clear and all of it is gone with the process.
type spool struct {
	io.Reader
	Large bool
	file  *os.File
}

// spooled takes a body in. Errors of the body come back as they are.
func spooled(body io.Reader) (*spool, error) {
	var start bytes.Buffer
	_, err := io.CopyN(&start, body, atOnce+1)
	if errors.Is(err, io.EOF) {
		return &spool{Reader: &start}, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "import-*")
	if err != nil {
		return nil, err
	}
	s := &spool{file: file, Large: true}
	if err := errors.Join(os.Remove(file.Name()), s.fill(io.MultiReader(&start, body))); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *spool) fill(body io.Reader) error {
	key, iv := make([]byte, 32), make([]byte, aes.BlockSize)
	_, _ = rand.Read(key) // never fails
	_, _ = rand.Read(iv)
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	if _, err := io.Copy(cipher.StreamWriter{S: cipher.NewCTR(block, iv), W: s.file}, body); err != nil {
		return err
	}
	s.Reader = cipher.StreamReader{S: cipher.NewCTR(block, iv), R: s.file}
	_, err = s.file.Seek(0, io.SeekStart)
	return err
}

func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close() // it has no name any more
	}
}
