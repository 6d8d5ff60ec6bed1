package sandbox

import (
	"context"
	"fmt"

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
	// CacheDir keeps compiled programs between processes; empty for none. Whoever can write to it can run code as this process. It is a
	// folder of its own: if it holds more than CacheBytes, the oldest files in it are removed, of other versions of the engine, too.
	CacheDir string
	// Child is a command, with its arguments, that compiles a program in a process of its own: it is started with CacheDir as a further
	// argument, an empty environment and the program as its input, and calls CompileChild. None compiles in this process, which suits
	// programs that are trusted. An interpreter needs none.
	Child []string
	// Limits bound the programs; the zero value stands for metering.DefaultLimits.
	Limits metering.Limits
}

// Sandbox compiles and runs programs. It may be used from several goroutines.
type Sandbox struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	folder  string // of the cache, if this sandbox prunes it
	limits  metering.Limits

	// compiling holds a token while a program is compiled, one at a time: the engine shows a module that it found in its cache to
	// other goroutines before the module is complete.
	compiling chan struct{}
	child     *child
}

// New sets up a sandbox. Close it when it is no longer needed.
func New(ctx context.Context, cfg Config) (*Sandbox, error) {
	s, err := setUp(ctx, cfg)
	if err != nil || cfg.CacheDir == "" {
		return s, err
	}
	s.folder = cfg.CacheDir
	if _, err := prune(s.folder, CacheBytes); err != nil {
		_ = s.Close(ctx)
		return nil, fmt.Errorf("%w: compilation cache %s: %w", ErrEngine, cfg.CacheDir, err)
	}
	return s, nil
}

// setUp returns a sandbox that does not prune its folder.
func setUp(ctx context.Context, cfg Config) (*Sandbox, error) {
	s := &Sandbox{limits: cfg.Limits, compiling: make(chan struct{}, 1)}
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
	if len(cfg.Child) > 0 && cfg.Engine != Interpreter && compilerSupported() {
		if cfg.CacheDir == "" {
			return nil, fmt.Errorf("%w: folder of compiled programs: expected one, as a process of its own compiles, got none", ErrEngine)
		}
		s.child = &child{command: cfg.Child, dir: cfg.CacheDir}
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

// Compile checks a program, injects the metering and compiles it. A refused program gives an error of package metering. With
// Config.Child, a program that takes too much to compile gives ErrCompile, and the context ends it; without, nothing does.
func (s *Sandbox) Compile(ctx context.Context, code []byte) (*Program, error) {
	metered, stats, err := metering.Inject(code, s.limits)
	if err != nil {
		return nil, err
	}
	select {
	case s.compiling <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.compiling }()
	if s.child != nil {
		if err := s.child.compile(ctx, code); err != nil {
			return nil, err
		}
	}
	m, err := s.runtime.CompileModule(ctx, metered)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	s.prune(CacheBytes)
	_, starts := m.ExportedFunctions()[metering.ExportInitialize]
	return &Program{module: m, starts: starts, row: stats.Row}, nil
}

// prune keeps the folder of compiled programs small. What cannot be removed now is an error of the next New: this program runs.
func (s *Sandbox) prune(most int64) {
	if s.folder == "" {
		return
	}
	if removed, _ := prune(s.folder, most); removed > 0 && s.child != nil {
		s.child.known = nil // what was removed has to be compiled by a child again
	}
}

// Close frees a program. No run of it may be in progress.
func (p *Program) Close(ctx context.Context) error { return p.module.Close(ctx) }
