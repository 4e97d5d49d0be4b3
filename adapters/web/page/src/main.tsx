import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/badges.css';
import './styles/shell.css';
import './styles/page.css';
import './styles/chat.css';
import './styles/composer.css';
import './styles/plan.css';
import './styles/step.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
