package sandbox

import (
	"context"
	"fmt"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/metering"
)

// Engine chooses how programs are executed. The results do not depend on it.
type Engine int

const (
	// Auto compiles if the machine allows it, and interprets if not.
	Auto Engine = iota
	// Compiler translates to machine code; New fails on machines that it does not support.
	Compiler
	// Interpreter runs everywhere, 50 to 90 times slower.
	Interpreter
)

// Config sets up a Sandbox.
type Config struct {
	Engine Engine
	// CacheDir keeps compiled programs between processes; empty for none. Whoever can write to it can run code as this process.
	CacheDir string
	// Limits bound the programs; the zero value stands for metering.DefaultLimits.
	Limits metering.Limits
}

// Sandbox compiles and runs programs. It may be used from several goroutines.
type Sandbox struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	limits  metering.Limits

	// compiling allows one compilation at a time: the engine shows a module that it found in its cache to other goroutines
	// before the module is complete.
	compiling sync.Mutex
}

// New sets up a sandbox. Close it when it is no longer needed.
func New(ctx context.Context, cfg Config) (*Sandbox, error) {
	s := &Sandbox{limits: cfg.Limits}
	if s.limits == (metering.Limits{}) {
		s.limits = metering.DefaultLimits()
	}
	rc, err := engine(cfg.Engine)
	if err != nil {
		return nil, err
	}
	rc = rc.WithCoreFeatures(api.CoreFeaturesV2 &^ api.CoreFeatureSIMD).
		WithMemoryLimitPages(s.limits.MemoryPages).
		WithDebugInfoEnabled(false)
	if cfg.CacheDir != "" {
		if s.cache, err = wazero.NewCompilationCacheWithDir(cfg.CacheDir); err != nil {
			return nil, fmt.Errorf("%w: compilation cache %s: %w", ErrEngine, cfg.CacheDir, err)
		}
		rc = rc.WithCompilationCache(s.cache)
	}
	s.runtime = wazero.NewRuntimeWithConfig(ctx, rc)
	if err := s.host(ctx); err != nil {
		_ = s.Close(ctx)
		return nil, fmt.Errorf("%w: host functions: %w", ErrEngine, err)
	}
	return s, nil
}

func engine(e Engine) (wazero.RuntimeConfig, error) {
	compiles := compilerSupported()
	switch {
	case e == Compiler && !compiles:
		return nil, fmt.Errorf("%w: expected a machine that the compiler supports, got another; use the interpreter", ErrEngine)
	case e == Interpreter || !compiles:
		return wazero.NewRuntimeConfigInterpreter(), nil
	}
	return wazero.NewRuntimeConfigCompiler(), nil
}

// Close frees everything, the programs included. No run may be in progress.
func (s *Sandbox) Close(ctx context.Context) error {
	err := s.runtime.Close(ctx)
	if s.cache != nil {
		if e := s.cache.Close(ctx); err == nil {
			err = e
		}
	}
	return err
}

// Program is a compiled program. It may be run from several goroutines.
type Program struct {
	module wazero.CompiledModule
	starts bool // exports _initialize
	row    *metering.RowForm
}

// Row is the form of a row program, which RunRows runs; nil for a program that takes batches, which Run runs.
func (p *Program) Row() *metering.RowForm { return p.row }

// Compile checks a program, injects the metering and compiles it. A refused program gives an error of package metering.
func (s *Sandbox) Compile(ctx context.Context, code []byte) (*Program, error) {
	metered, stats, err := metering.Inject(code, s.limits)
	if err != nil {
		return nil, err
	}
	s.compiling.Lock()
	m, err := s.runtime.CompileModule(ctx, metered)
	s.compiling.Unlock()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	_, starts := m.ExportedFunctions()[metering.ExportInitialize]
	return &Program{module: m, starts: starts, row: stats.Row}, nil
}

// Close frees a program. No run of it may be in progress.
func (p *Program) Close(ctx context.Context) error { return p.module.Close(ctx) }
