package app

import (
	"time"

	cmtcfg "github.com/cometbft/cometbft/config"

	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
)

const (
	// DefaultMinGasPrice is the least a new node asks for a unit of gas.
	DefaultMinGasPrice = "0.0025" + BaseDenom
	// defaultQueryGasLimit ends queries that would read without bound.
	defaultQueryGasLimit = 50_000_000
	// defaultTimeoutCommit is the pause after a block in which late votes count.
	defaultTimeoutCommit = 500 * time.Millisecond
	// maxTxBytes lets the largest program that x/compute accepts into a block,
	// and maxBodyBytes through the interfaces, which carry it in base64.
	maxTxBytes   = 3 << 20
	maxBodyBytes = 8 << 20
	// mempoolTxs and mempoolBytes bound CometBFT's list, which refuses whatever comes when it is full. It holds what
	// app/mempool holds, and until the next block what that has dropped, so it has to be several times as large.
	mempoolTxs   = 50_000
	mempoolBytes = 384 << 20
)

// AlitaConfig is the application's own section of app.toml.
type AlitaConfig struct {
	// OptimisticExecution runs a proposed block while it is voted on.
	OptimisticExecution bool `mapstructure:"optimistic-execution"`
}

// ServerConfig is the content of app.toml.
type ServerConfig struct {
	serverconfig.Config `mapstructure:",squash"`

	Alita AlitaConfig `mapstructure:"alita"`
}

// DefaultServerConfig returns the template and the defaults of a new app.toml.
func DefaultServerConfig() (string, ServerConfig) {
	cfg := serverconfig.DefaultConfig()
	cfg.MinGasPrices = DefaultMinGasPrice
	cfg.QueryGasLimit = defaultQueryGasLimit
	cfg.API.Enable = true
	cfg.API.Swagger = true
	cfg.API.RPCMaxBodyBytes = maxBodyBytes
	cfg.GRPC.Enable = true
	// Snapshots let new nodes join by state sync instead of replay.
	cfg.StateSync.SnapshotInterval = 1_000
	cfg.StateSync.SnapshotKeepRecent = 2
	return serverconfig.DefaultConfigTemplate + alitaTemplate,
		ServerConfig{Config: *cfg, Alita: AlitaConfig{OptimisticExecution: true}}
}

// DefaultCometConfig returns the defaults of a new config.toml.
func DefaultCometConfig() *cmtcfg.Config {
	cfg := cmtcfg.DefaultConfig()
	cfg.Consensus.TimeoutCommit = defaultTimeoutCommit
	cfg.Mempool.MaxTxBytes = maxTxBytes
	cfg.Mempool.Size = mempoolTxs
	cfg.Mempool.MaxTxsBytes = mempoolBytes
	cfg.Mempool.CacheSize = 2 * mempoolTxs
	cfg.RPC.MaxBodyBytes = maxBodyBytes
	cfg.Instrumentation.Prometheus = true
	return cfg
}

const alitaTemplate = `
###############################################################################
###                           Alita Configuration                           ###
###############################################################################

[alita]

# optimistic-execution runs a proposed block while it is voted on, which takes
# the execution out of the time between blocks. It changes no result.
optimistic-execution = {{ .Alita.OptimisticExecution }}
`
