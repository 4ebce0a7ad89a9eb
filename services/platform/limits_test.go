package platform

import (
	"encoding/json"
	"testing"

	openapi "example.org/passerelle/api/http"
)

// TestEveryLimitPerAddressHasARate: a name that is misspelt would limit nobody.
func TestEveryLimitPerAddressHasARate(t *testing.T) {
	t.Parallel()
	var document struct {
		Paths map[string]map[string]struct {
			Limit string `json:"x-address-limit"`
		}
	}
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	rates := Config{Demo: "off"}.perAddress()
	limited := map[string]bool{}
	for path, item := range document.Paths {
		for method, o := range item {
			if o.Limit != "" && rates[o.Limit] <= 0 {
				t.Errorf("%s %s: nothing says how often %q is", method, path, o.Limit)
			}
			limited[o.Limit] = true
		}
	}
	for name := range rates {
		if !limited[name] {
			t.Errorf("no operation is limited by %q", name)
		}
	}
	if (Config{Demo: "on"}).perAddress()["sign-in"] != 0 {
		t.Error("the demo, where everybody is at one address, is limited")
	}
}
