package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// emailMark is a keyed hash by which an address is found again. Its case and its Unicode form do not count.
func (s *Service) emailMark(address string) string {
	return s.mark("email", strings.ToLower(norm.NFC.String(strings.TrimSpace(address))))
}

// identityMark is a keyed hash by which somebody is known whom an issuer has signed in.
func (s *Service) identityMark(issuer, subject string) string {
	return s.mark("identity", issuer, subject)
}

func (s *Service) mark(kind string, parts ...string) string {
	hash := hmac.New(sha256.New, s.Secret)
	for _, part := range append([]string{"access mark", kind}, parts...) {
		_, _ = hash.Write(append(binary.AppendUvarint(nil, uint64(len(part))), part...)) // never fails
	}
	return hex.EncodeToString(hash.Sum(nil))
}
