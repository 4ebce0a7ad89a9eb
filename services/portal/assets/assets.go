package assets

import "net/http"

func Path(name string) string { return "/static/" + name }
func Handler() http.Handler   { return http.NotFoundHandler() }
