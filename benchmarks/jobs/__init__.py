"""The benchmarks, a module each: what is compared with what, in which sizes."""
