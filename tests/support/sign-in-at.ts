import type { Page } from 'playwright-core';

/** Fills in the page that asks for name and password, as a person does. */
export const signInAt = async (
  page: Page,
  { username, password }: { username: string; password: string },
): Promise<void> => {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('main form button[type=submit]').click();
  await page.locator('#password').waitFor({ state: 'detached' });
};
