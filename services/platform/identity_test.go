package platform_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestTheDemosIssuerIsForADemonstrationOnly, and says so in one line.
func TestTheDemosIssuerIsForADemonstrationOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for setting, want := range map[string]string{
		"PASSERELLE_DEMO=off":            "the demo's issuer exists in a demonstration only",
		"PASSERELLE_HTTP_ADDR=0.0.0.0:0": "answer on a loopback address only",
	} {
		cmd := h.command("identity")
		cmd.Env = append(cmd.Env, setting)
		out, err := cmd.CombinedOutput()
		if text := strings.TrimSpace(string(out)); err == nil || !strings.Contains(text, want) || strings.Contains(text, "\n") {
			t.Errorf("%s: %v %s", setting, err, text)
		}
	}
}

// TestATokenForSomethingElseIsNotTaken: the audience alone does not make a token one for software.
func TestATokenForSomethingElseIsNotTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	right := h.as("advisor-34")
	h.stop()
	h.env = append(h.env, "PASSERELLE_OIDC_SCOPE=elsewhere")
	h.start()
	if r := right.do(http.StatusUnauthorized, http.MethodGet, "/me", nil); r.text("code") != "token_refused" {
		t.Errorf("%s", r.raw)
	}
	h.as("advisor-34").get("/me")
	h.stop()
}
