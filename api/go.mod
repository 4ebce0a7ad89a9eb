module example.org/passerelle/api

go 1.26.0
