// Package signedlink makes what stands in a signed link, the short code beside it, and the forms that are shown to who has
// both. Everything follows from a secret and an identifier: nothing of it has to be kept to be said again, and nobody who
// reads what is kept can make it.
package signedlink

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Key makes and reads links.
type Key []byte

// KeyOf is the key of links that follows from a secret of the installation.
func KeyOf(secret []byte) Key { return Key(secret).sign("key") }

const tokenBytes = 24

// Token is what stands in the address of a link: 32 characters that say nothing.
func (k Key) Token(link string) string {
	return base64.RawURLEncoding.EncodeToString(k.sign("token", link)[:tokenBytes])
}

// Hash is what is kept of a token.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// letters are those of a code: none that is taken for another one.
const letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

const codeLetters = 6

// Code is the short code of something, such as K7M-42P.
func (k Key) Code(of string) string {
	number := binary.BigEndian.Uint64(k.sign("code", of))
	code := make([]byte, codeLetters)
	for i := range code {
		code[i] = letters[number%uint64(len(letters))]
		number /= uint64(len(letters))
	}
	return string(code[:3]) + "-" + string(code[3:])
}

// SameCode tells whether somebody has typed this code: capitals, spaces and hyphens do not count.
func SameCode(code, typed string) bool {
	return subtle.ConstantTimeCompare([]byte(folded(code)), []byte(folded(typed))) == 1
}

func folded(code string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(letters, c) {
			return c
		}
		return -1
	}, strings.ToUpper(code))
}

// Form is what a form carries that is shown to somebody who has the link and the code. It is good for one decision: the
// next one has another Used.
type Form struct {
	Link     string    `json:"l"`
	Session  string    `json:"s"`
	Referral string    `json:"r"`
	Provider string    `json:"p"`
	Fund     string    `json:"f"`
	Used     int       `json:"n"` // how often the link had decided something before
	Until    time.Time `json:"u"`
}

// Show writes a form's value.
func (k Key) Show(f Form) string {
	body, _ := json.Marshal(f) // texts and numbers only
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(k.sign("form", text))
}

// Read gives the form back, if it was shown for this token and is not too old.
func (k Key) Read(value, token string, now time.Time) (Form, bool) {
	text, signature, _ := strings.Cut(value, ".")
	sent, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(sent, k.sign("form", text)) {
		return Form{}, false
	}
	var f Form
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(body, &f) != nil {
		return Form{}, false
	}
	return f, now.Before(f.Until) && subtle.ConstantTimeCompare([]byte(k.Token(f.Link)), []byte(token)) == 1
}

func (k Key) sign(parts ...string) []byte {
	hash := hmac.New(sha256.New, k)
	for _, part := range append([]string{"signed link"}, parts...) {
		_, _ = hash.Write(append(binary.AppendUvarint(nil, uint64(len(part))), part...)) // never fails
	}
	return hash.Sum(nil)
}
