package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// exportDossier hands out all that is known of somebody. It is sent, not an address: nothing asks for it by the way.
func exportDossier(v *visit) error {
	id, format := v.path("id"), "json"
	if v.form().value("format") == "html" {
		format = "html"
	}
	answer, err := v.api.ExportPersonWithResponse(v.ctx, id, &client.ExportPersonParams{Format: &format})
	if err != nil {
		return err
	}
	v.remember()
	header := v.w.Header()
	header.Set("Content-Type", answer.HTTPResponse.Header.Get("Content-Type"))
	if format == "json" {
		header.Set("Content-Disposition", `attachment; filename="export.json"`) // no identifier among the downloads
	}
	v.w.WriteHeader(http.StatusOK)
	_, err = v.w.Write(answer.Body)
	return err
}
