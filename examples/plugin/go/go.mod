module processmind-go

go 1.24
