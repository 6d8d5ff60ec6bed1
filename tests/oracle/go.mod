module github.com/alita-network/alita/tests/oracle

go 1.26.5

require (
	github.com/alita-network/alita v0.0.0
	github.com/bytecodealliance/wasmtime-go/v37 v37.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	cosmossdk.io/math v1.5.3 // indirect
	filippo.io/edwards25519 v1.2.0 // indirect
	github.com/cloudflare/circl v1.6.5 // indirect
	github.com/gtank/ristretto255 v0.2.0 // indirect
	github.com/tetratelabs/wazero v1.12.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.57.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
)

replace github.com/alita-network/alita => ../..
