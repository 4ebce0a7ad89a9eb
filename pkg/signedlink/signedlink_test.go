package signedlink

import (
	"strings"
	"testing"
	"time"
)

var (
	key  = KeyOf([]byte("published test secret"))
	noon = time.Date(2021, 11, 15, 12, 0, 0, 0, time.UTC)
	form = Form{Link: "l1", Session: "s1", Referral: "r1", Provider: "p1", Fund: "f1", Used: 2, Until: noon.Add(time.Hour)}
)

func TestATokenSaysNothingAndIsAlwaysTheSame(t *testing.T) {
	token := key.Token("l1")
	if len(token) != 32 || strings.Contains(token, "l1") || token != key.Token("l1") {
		t.Error(token)
	}
	if token == key.Token("l2") || token == KeyOf([]byte("another secret")).Token("l1") || Hash(token) == token {
		t.Error("not only this link under this secret has this token")
	}
}

func TestACodeIsTypedAsItIsHeard(t *testing.T) {
	code := key.Code("s1")
	if len(code) != 7 || code[3] != '-' || code == key.Code("s2") {
		t.Fatal(code)
	}
	for _, typed := range []string{code, strings.ToLower(code), " " + strings.ReplaceAll(code, "-", " ") + " "} {
		if !SameCode(code, typed) {
			t.Errorf("%q is not taken", typed)
		}
	}
	for _, typed := range []string{"", code[:6], code + "2", "AAA-AAA"} {
		if SameCode(code, typed) {
			t.Errorf("%q is taken", typed)
		}
	}
}

func TestAFormIsReadByWhoHasShownIt(t *testing.T) {
	value, token := key.Show(form), key.Token("l1")
	if got, ok := key.Read(value, token, noon); !ok || got != form {
		t.Errorf("%+v %v", got, ok)
	}
	for name, ok := range map[string]func() bool{
		"too old":         func() bool { _, ok := key.Read(value, token, form.Until); return ok },
		"another link's":  func() bool { _, ok := key.Read(value, key.Token("l2"), noon); return ok },
		"another key's":   func() bool { _, ok := KeyOf([]byte("x")).Read(value, token, noon); return ok },
		"a changed form":  func() bool { _, ok := key.Read("A"+value[1:], token, noon); return ok },
		"no form":         func() bool { _, ok := key.Read("", token, noon); return ok },
		"no signature":    func() bool { _, ok := key.Read(strings.Split(value, ".")[0], token, noon); return ok },
		"half a text":     func() bool { _, ok := key.Read(value[:len(value)-2], token, noon); return ok },
		"a foreign shape": func() bool { _, ok := key.Read("e30."+strings.Split(value, ".")[1], token, noon); return ok },
	} {
		if ok() {
			t.Errorf("%s is read", name)
		}
	}
}
