module github.com/alita-network/alita/tests/oracle/light

go 1.26.5

require (
	github.com/alita-network/alita v0.0.0
	github.com/cometbft/cometbft v0.40.0
	github.com/cosmos/iavl v1.2.8
	github.com/cosmos/ics23/go v0.11.0
	github.com/stretchr/testify v1.12.1
)

replace github.com/alita-network/alita => ../../..
