module github.com/alita-network/alita/tests/oracle

go 1.26.5

require (
	github.com/alita-network/alita v0.0.0
	github.com/bytecodealliance/wasmtime-go/v37 v37.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/tetratelabs/wazero v1.12.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.48.0 // indirect
)

replace github.com/alita-network/alita => ../..
