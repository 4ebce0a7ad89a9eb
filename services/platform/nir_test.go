package platform_test

import (
	"crypto/sha256"
	"encoding/base64"
	packing "encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
)

// formsOf are the forms in which a number could lie around: as typed, packed, coded or hashed without a key.
func formsOf(number string) sought {
	forms := sought{"number with spaces": fmt.Sprintf("%s %s %s %s %s %s", number[:1], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13])}
	for name, text := range map[string]string{"number": number[:13], "number with key": number} {
		hash := sha256.Sum256([]byte(text))
		forms[name], forms[name+" in hexadecimal"], forms[name+" packed"] = text, hex.EncodeToString([]byte(text)), packedNumber(text)
		forms[name+" hashed"], forms[name+" hashed in hexadecimal"] = string(hash[:]), hex.EncodeToString(hash[:])
		for shift := range 3 { // base64 has three ways to write a text, by where it begins
			coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + text))
			forms[fmt.Sprintf("%s in base64 (%d)", name, shift)] = coded[2:16]
		}
	}
	return forms
}

func packedNumber(digits string) string {
	n, _ := strconv.ParseUint(digits, 10, 64)
	return string(packing.BigEndian.AppendUint64(nil, n))
}

// TestASocialSecurityNumberIsFoundNowhere: it is checked, compared, and then in no file, table, log or answer.
func TestASocialSecurityNumberIsFoundNowhere(t *testing.T) {
	t.Parallel()
	const number = "260073417200510"
	h := newHouse(t)
	h.start()
	h.secret, h.answers = formsOf(number), &record{}
	advisor := h.as("advisor-34")
	flag := advisor.post(201, "/flags", withNumber(81, number, "1960-07"), "Idempotency-Key", "nir-"+number)
	if hints := fmt.Sprint(flag.body["review_hints"]); strings.Contains(hints, "nir_mismatch") {
		t.Errorf("it fits a woman born in July 1960, and the hints are %s", hints)
	}
	other := advisor.post(201, "/flags", withNumber(82, "2 60 07 34 172 005 10", "1961-08"))
	if hints := fmt.Sprint(other.body["review_hints"]); !strings.Contains(hints, "nir_mismatch") {
		t.Errorf("it does not fit a woman born in August 1961, and the hints are %s", hints)
	}
	wrong := advisor.post(422, "/flags", withNumber(83, number[:13]+"11", "1960-07"))
	if !strings.Contains(string(wrong.raw), `"field":"person.nir","code":"nir_key"`) {
		t.Errorf("a wrong key: %s", wrong.raw)
	}
	h.typeEverywhere(advisor, number)
	h.typeIntoEveryText(advisor, "Son numéro : 2 60 07 34 172 005 10.")
	h.lookAtEverything(map[string]string{"flag": flag.text("id"), "person": flag.text("person_id")})
	h.search("answers", []byte(h.answers.String()))
	h.searchTables()
	h.searchFolder("running")
	h.stop()
	h.searchFolder("stopped")
	h.search("log of the process", []byte(h.log.String()))
	h.search("dump", h.dump())
}

// withNumber is a woman born in a month, and the number that was typed for her.
func withNumber(n int, number, born string) map[string]any {
	sheet := senior(n)
	person, _ := sheet["person"].(map[string]any)
	person["birth_date"], person["nir"] = born, number
	return sheet
}

// typeEverywhere puts the number where it does not belong: what is refused must be kept as little as what is taken.
func (h *house) typeEverywhere(c *caller, number string) {
	h.Helper()
	sheet := senior(84)
	sheet["answers"].(map[string]any)["description"] = "Son numéro est le " + number
	c.post(422, "/flags", sheet)
	for _, ask := range [][3]any{
		{http.MethodPost, "/persons/search", map[string]any{"name": "Exemple " + number}},
		{http.MethodPost, "/persons/search", map[string]any{"reference": number}},
		{http.MethodGet, "/persons/" + number, nil},
		{http.MethodGet, "/flags?cursor=" + number, nil},
		{http.MethodGet, "/communes?q=" + number, nil},
		{http.MethodGet, "/communes?" + number + "=1", nil},
		{http.MethodPost, "/flags", `{"` + number + `": 1}`},
	} {
		if r, err := c.try(ask[0].(string), ask[1].(string), ask[2], "X-Request-Id", number, "User-Agent", number, "If-None-Match", number); err != nil || r.status >= 500 {
			h.Errorf("%s %s: %d %v", ask[0], ask[1], r.status, err)
		}
	}
	request, _ := http.NewRequest(http.MethodPost, "http://"+h.address+"/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(number, number)
	if response, err := http.DefaultClient.Do(request); err != nil || response.StatusCode != http.StatusUnauthorized {
		h.Errorf("a number as account: %v %v", response, err)
	}
}

// typeIntoEveryText puts a number into each text of each body of the document, but the one that is made for it. Each is
// told to be the fault.
func (h *house) typeIntoEveryText(c *caller, text string) {
	h.Helper()
	places := placesOfTexts(h.T)
	refused := 0
	for _, p := range places {
		r, err := c.try(p.method, p.path, put(p.body, p.way, text))
		if err != nil {
			h.Fatalf("%s %s %s: %v", p.method, p.path, p.field, err)
		}
		if notHere := faultIn(r, p.field, "nir_not_here"); notHere == (p.field == "person.nir") {
			h.Errorf("%s %s %s: %d, refused as a number: %v", p.method, p.path, p.field, r.status, notHere)
		}
		refused++
	}
	if refused < 60 {
		h.Errorf("only %d texts were tried", refused)
	}
}

type placeOfText struct {
	method, path, field string
	body                any
	way                 []any
}

// placesOfTexts are all texts of all bodies that a token is asked for, or none: what the document says of them.
func placesOfTexts(t *testing.T) (list []placeOfText) {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	s := schemas{document}
	for path, item := range s.at("paths").(map[string]any) {
		plain, api := strings.CutPrefix(path, "/api/v1")
		for method, operation := range item.(map[string]any) {
			body := s.body(operation.(map[string]any))
			if !api || body == nil {
				continue
			}
			for _, way := range places(body, nil) {
				list = append(list, placeOfText{strings.ToUpper(method), identifier.ReplaceAllLiteralString(plain, "x"), dotted(way), body, way})
			}
		}
	}
	return list
}

func dotted(way []any) (field string) {
	for _, step := range way {
		switch step := step.(type) {
		case int:
			field += fmt.Sprintf("[%d]", step)
		case string:
			field = strings.TrimPrefix(field+"."+step, ".")
		}
	}
	return field
}

func faultIn(r reply, field, code string) bool {
	errors, _ := r.body["errors"].([]any)
	for _, e := range errors {
		fault, _ := e.(map[string]any)
		if r.status == http.StatusUnprocessableEntity && fault["field"] == field && fault["code"] == code {
			return true
		}
	}
	return false
}

// lookAtEverything reads every address of the document as people of different roles, and the figures.
func (h *house) lookAtEverything(ids map[string]string) {
	h.Helper()
	for _, account := range []string{"advisor-34", "referent-58", "provider-a", "analyst-lr", "privacy-lr"} {
		c := h.as(account)
		c.positions = map[string]string{}
		for _, o := range openapi.Operations() {
			path, api := strings.CutPrefix(o.Path, "/api/v1")
			if o.Method != http.MethodGet || !api {
				continue
			}
			id := ids["flag"]
			if strings.HasPrefix(path, "/persons") {
				id = ids["person"]
			}
			if r, err := c.try(o.Method, strings.NewReplacer("{id}", id).Replace(path), nil); err != nil || r.status >= 500 {
				h.Errorf("%s as %s: %d %v", path, account, r.status, err)
			}
		}
	}
	response, err := http.Get("http://" + h.address + "/metrics")
	if err != nil {
		h.Fatal(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(h.answers, response.Body)
}
