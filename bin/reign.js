#!/usr/bin/env node
import '../dist/reign.js';
